import stat

from yingjin.jobs import store


def test_the_data_folder_and_its_secrets_are_for_their_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("YINGJIN_STORE", str(tmp_path / "deep" / "store"))
    folder = store.store()
    first = store.secret("session")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "session.secret").stat().st_mode) == 0o600
    assert len(first) > 40 and store.secret("session") == first


def test_every_command_uses_the_folder_last_served(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name in ("demo-20000", "county"):
        folder = store.named_store(name)
        folder.mkdir(parents=True)
        store.use_from_now_on(folder)
        assert store.default_store() == folder.resolve()


def test_without_being_told_the_data_folder_lies_in_the_data_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.default_store() == tmp_path / "yingjin" / "default"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert store.default_store() == tmp_path / ".local" / "share" / "yingjin" / "default"
