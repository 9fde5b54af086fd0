import pytest

from models.time.zones import parse_zone


def test_a_zone_is_read_by_its_name():
    assert parse_zone("Europe/Amsterdam").key == "Europe/Amsterdam"


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../UTC", "/etc/passwd", "Europe", "x\0y", "x" * 300])
def test_what_is_not_a_zone_is_refused_in_a_sentence(name):
    with pytest.raises(ValueError, match="is not a time zone; write for example Europe/Amsterdam"):
        parse_zone(name)
