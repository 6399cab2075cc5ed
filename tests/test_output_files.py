"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from quotes.errors import OutputError
from quotes.export.files import open_output, write_file


def leftovers(folder: Path, *known: str) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in known)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    write_file(file, b"alt")
    write_file(str(file), b"neu")
    assert file.read_bytes() == b"neu"
    assert leftovers(tmp_path) == ["Blatt.csv"]


def test_rights_are_those_of_the_umask_and_then_of_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    before = os.umask(0o027)
    try:
        write_file(file, b"1")
        assert stat.S_IMODE(file.stat().st_mode) == 0o640
        file.chmod(0o604)
        write_file(file, b"2")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o604


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "da").mkdir()
    real, link = tmp_path / "da" / "Blatt.csv", tmp_path / "Blatt.csv"
    link.symlink_to(real)
    write_file(link, b"neu")
    assert link.is_symlink()
    assert real.read_bytes() == b"neu"


def refused(path: Path | str, *, says: str) -> OutputError:
    with pytest.raises(OutputError, match=says) as caught:
        write_file(path, b"neu")
    assert caught.value.remedy
    assert caught.value.exit_code == 1
    return caught.value


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "fehlt") in str(refused(tmp_path / "fehlt" / "a.csv", says="folder .* is not there"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    refused(tmp_path, says="is a folder")
    assert leftovers(tmp_path) == []


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"alt")
    refused(tmp_path / "a" / "b.csv", says="cannot be written|is not there")


def test_a_name_with_nul_or_too_long(tmp_path: Path) -> None:
    refused(f"{tmp_path}/a\0.csv", says="no name of a file")
    refused(tmp_path / ("a" * 300), says="cannot be written")


def test_a_read_only_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    file.write_bytes(b"alt")
    file.chmod(0o444)
    refused(file, says="is read-only")
    assert file.read_bytes() == b"alt"


@pytest.mark.parametrize("lock", [".~lock.Blatt.xlsx#", "~$Blatt.xlsx"])
def test_a_file_that_is_open_in_an_office_program_stays(tmp_path: Path, lock: str) -> None:
    file = tmp_path / "Blatt.xlsx"
    file.write_bytes(b"alt")
    (tmp_path / lock).touch()
    assert lock in refused(file, says="is open in an office program").remedy
    assert file.read_bytes() == b"alt"


def test_a_locked_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    file.write_bytes(b"alt")
    with file.open("rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        refused(file, says="is locked")
    assert file.read_bytes() == b"alt"
    write_file(file, b"neu")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    file = tmp_path / "Blatt.csv"
    file.write_bytes(b"alt")

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    assert "Free some space" in refused(file, says="cannot be written").remedy
    assert file.read_bytes() == b"alt"
    assert leftovers(tmp_path) == ["Blatt.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_device() -> None:
    assert "Free some space" in refused("/dev/full", says="No space left").remedy


def test_a_device_is_written_and_stays() -> None:
    write_file(os.devnull, b"neu")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_an_exception_in_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    file.write_bytes(b"alt")

    def interrupted() -> None:
        with open_output(file) as stream:
            stream.write(b"halb")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert file.read_bytes() == b"alt"
    assert leftovers(tmp_path) == ["Blatt.csv"]


def test_the_old_file_is_there_until_the_end(tmp_path: Path) -> None:
    file = tmp_path / "Blatt.csv"
    file.write_bytes(b"alt")
    with open_output(file) as stream:
        stream.write(b"neu")
        stream.flush()
        assert file.read_bytes() == b"alt"
    assert file.read_bytes() == b"neu"


def test_a_rename_that_is_refused_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_elsewhere(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", open_elsewhere)
    assert "Close it in other programs" in refused(tmp_path / "Blatt.csv", says="Permission denied").remedy
    assert leftovers(tmp_path) == []
