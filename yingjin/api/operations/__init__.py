"""Every operation of the API, a module a subject; each goes through the queries and actions the pages use."""
