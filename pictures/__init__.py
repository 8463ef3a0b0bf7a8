"""Pictures of every page in both languages and three widths, of a made-up county: `make pictures` keeps them in docs."""
