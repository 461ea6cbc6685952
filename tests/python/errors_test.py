"""Errors are told apart by class, and say where."""

import pickle
import re

import pytest

import calinvite
from calinvite import Code, Error, Place
from conftest import ROOT


def test_every_code_of_the_library_has_its_number_and_its_exception_class():
    header = (ROOT / "include/calinvite/result.hpp").read_text()
    enum = re.search(r"enum class Code.*?\{(.*?)\};", header, re.S).group(1)
    codes = {
        name.upper(): int(number) for name, number in re.findall(r"^\s*(\w+) = (\d+),", enum, re.M)
    }

    assert {code.name: code.value for code in Code} == codes
    for code in Code:
        of_code = getattr(calinvite, code.name.title().replace("_", "") + "Error")
        assert issubclass(of_code, Error)
        assert of_code.code is code


def test_an_error_names_its_place_and_survives_a_pickle():
    error = calinvite.InvalidInputError("no END:VEVENT", Place("a.ics", 14, 2, "END"))

    copy = pickle.loads(pickle.dumps(error))

    assert copy == error and hash(copy) == hash(error)
    assert copy != calinvite.InvalidInputError("no END:VEVENT", Place("b.ics", 14, 2, "END"))
    assert copy != calinvite.TooLargeError("no END:VEVENT", Place("a.ics", 14, 2, "END"))
    assert str(copy) == "a.ics:14: no END:VEVENT"
    assert (copy.message, copy.place, copy.code) == (error.message, error.place, Code.INVALID_INPUT)
    assert str(calinvite.InternalError("odd", Place(line=3))) == "line 3: odd"
    assert str(calinvite.InternalError("odd")) == "odd"


def test_only_what_a_later_call_can_cure_is_retryable():
    retryable = [code for code in Code if calinvite._errors.by_code[code]("later").retryable]

    assert retryable == [Code.UNAVAILABLE, Code.BUSY, Code.STORE_FULL, Code.THROTTLED]


def test_the_library_raises_the_class_of_its_code(tmp_path):
    with pytest.raises(calinvite.UnsupportedError):
        calinvite.Engine.open(store="postgresql://127.0.0.1/league", master_key=bytes(32))
    with pytest.raises(calinvite.InvalidArgumentError):
        calinvite.Engine.open(store="sqlite:", master_key=bytes(32))
    (tmp_path / "junk.db").write_bytes(b"no database at all\n" * 1000)
    with pytest.raises(calinvite.StoreCorruptError):
        calinvite.Engine.open(store=f"sqlite:{tmp_path}/junk.db", master_key=bytes(32))
    with pytest.raises(calinvite.Error) as caught:
        calinvite.Engine.open(
            store=f"sqlite:{tmp_path}/no/such/folder/league.db", master_key=bytes(32)
        )
    assert caught.value.code in (Code.UNAVAILABLE, Code.INVALID_ARGUMENT, Code.NOT_FOUND)


def test_a_wrong_type_is_a_type_error_that_names_the_field(engine):
    organizer = calinvite.Organizer(address=17)

    with pytest.raises(TypeError, match="Organizer.address can't be of type int"):
        engine.add_organizer(organizer)
    with pytest.raises(TypeError):
        engine.add_organizer("fixtures@league.example")
    with pytest.raises(TypeError):
        calinvite.Engine()
