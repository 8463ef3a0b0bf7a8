"""Every table shipped says where it comes from and under which licence, in the README beside it.

YAML files are written by us and say so in their first lines.
"""

from tests.support.tree import ROOT, files

TABLES = (".csv", ".csv.gz", ".geojson")
LICENCE = ("licence", "license", "许可")


def in_data_folders(*endings):
    return [
        path
        for path in files()
        if path.parts[0] == "yingjin" and path.parent.name == "data" and path.name.endswith(endings)
    ]


def test_every_table_is_noted_beside_it():
    assert in_data_folders(*TABLES), "No data file was found: this test looked in the wrong place."
    unnoted = []
    for path in in_data_folders(*TABLES):
        note = ROOT / path.parent / "README.md"
        if not note.is_file() or path.name not in note.read_text(encoding="utf-8"):
            unnoted.append(str(path))
    assert not unnoted, "\n".join(unnoted)


def test_every_note_names_a_licence():
    notes = {path: (ROOT / path).read_text(encoding="utf-8").lower() for path in in_data_folders("README.md")}
    silent = [str(path) for path, text in notes.items() if not any(word in text for word in LICENCE)]
    assert notes and not silent, silent


def test_every_yaml_file_of_ours_begins_by_saying_what_it_is():
    bare = [
        str(path)
        for path in in_data_folders(".yaml")
        if not (ROOT / path).read_text(encoding="utf-8").startswith("#")
    ]
    assert not bare, bare
