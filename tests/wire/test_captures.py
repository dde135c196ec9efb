"""What real daemons of eleven releases sent, as it was recorded, against what is true of each capture.

`captures/` has a dozen of them; the other 183 are in ../shared/captures, where that is there. The JSON beside a
capture was made by another decoder and tshark, and is told of in ../shared/wire.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kalint.wire import Advert, Decoder, Frame, Malformed, Notice, read_capture

HERE = Path(__file__).parent / "captures"
SHARED = Path(__file__).parents[3] / "shared" / "captures"
FORMS = {
    "no-pseudo": "plain",
    "pseudo-dst": "pseudo",
    "pseudo-mcast-group": "multicast-pseudo",
    "pseudo-dst+trailer": "pseudo+trailer",
    "none": "zero",
}
AUTH = {0: "none", 1: "pass", 2: "ah"}
UNITS = {2: ("s", 1), 3: ("cs", 100)}


def _files() -> list[Path]:
    here = sorted(HERE.glob("*.json"))
    return here + [path for path in sorted(SHARED.glob("*.json")) if not (HERE / path.name).exists()]


def _decoded(path: Path) -> list[Advert | Malformed]:
    decoder = Decoder()
    frames = [frame for frame in read_capture(str(path)) if isinstance(frame, Frame)]
    return [advert for frame in frames if (advert := decoder.decode(frame)) is not None]


def _expected(truth: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """One row for each advert: what the JSON says, as `_row` says it."""
    for key, runs in truth["expected_adverts_per_source"].items():
        source, _, virtual_router_id, version = key.split()
        for run in runs:
            form = FORMS[run["checksum_by_hand"][0]] if "checksum_by_hand" in run else None
            auth = "hmac" if run.get("trailer_len") else AUTH[run.get("auth_type", 0)]
            vlans = (int(run["vlan"]),) if "vlan" in run else ()
            said = (int(version[1]), run["priority"], tuple(run["addresses"]), run["adver_int"], auth, form)
            for time in run["times"]:
                yield (time, source, int(virtual_router_id), run["dst"], run["ttl"], run["eth_src"], vlans, *said)


def _row(advert: Advert, start: float, macs: bool, forms: bool) -> tuple[Any, ...]:
    unit, per_second = UNITS[advert.version]
    interval = f"{round(advert.interval * per_second)} {unit}"
    form, mac = advert.checksum if forms else None, advert.source_mac if macs else ""
    said = (advert.version, advert.priority, advert.addresses, interval, advert.auth, form)
    place = (advert.source, advert.virtual_router_id, advert.destination, advert.ttl, mac, advert.vlans)
    return (round(advert.time - start, 3), *place, *said)


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_each_frame_is_decoded_as_it_is_known_to_be(path: Path) -> None:
    """Every advert of the capture has the time, addresses and fields that its JSON tells, and nothing else is one."""
    truth = json.loads(path.read_text())
    found = _decoded(path.with_suffix(".pcap"))
    cooked = path.stem.startswith("any-")  # the JSON of these tells neither Ethernet addresses nor the form
    adverts = [advert for advert in found if isinstance(advert, Advert)]
    rows = [_row(advert, truth["first_frame_epoch"], not cooked, not cooked) for advert in adverts]
    assert sorted(rows, key=repr) == sorted(_expected(truth), key=repr)
    assert len(found) == truth["vrrp_frames"]
    assert [advert.problems for advert in adverts if advert.problems] == []


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.stem)
def test_authentication_data_match_the_configured_password_and_no_other(path: Path) -> None:
    """PASS, AH and HMAC are proven by the password or key of the configuration, and only by that."""
    truth = json.loads(path.read_text())
    found = [advert for advert in _decoded(path.with_suffix(".pcap")) if isinstance(advert, Advert)]
    passwords = {
        (run["auth_type"], run.get("auth_string"))
        for runs in truth["expected_adverts_per_source"].values()
        for run in runs
        if run.get("auth_type")
    }
    keys = [f"hex:{key}" for key in truth.get("hmac_keys_hex", {}).values()]
    secrets = {text for kind, text in passwords if kind == 1} | ({"ahsecret"} if "ah_headers" in truth else set())
    for advert in found:
        assert (advert.secret is None) == (advert.auth == "none")
        if advert.secret is not None:
            right = keys if advert.auth == "hmac" else secrets
            assert sum(advert.secret.matches(key) for key in right) >= 1
            assert not advert.secret.matches("another password, of which nobody knows")


@pytest.mark.parametrize(
    "path", [path for path in _files() if path.stem.startswith("v2-ah")], ids=lambda path: path.stem
)
def test_the_authentication_header_is_read(path: Path) -> None:
    """Its SPI is the source address, its sequence number grows by one."""
    truth = json.loads(path.read_text())["ah_headers"]
    adverts = [advert for advert in _decoded(path.with_suffix(".pcap")) if isinstance(advert, Advert)]
    assert [(advert.ah.spi, advert.ah.sequence) for advert in adverts if advert.ah] == [
        (header["src"], header["sequence"]) for header in truth
    ]


@pytest.mark.parametrize(
    "path", [path for path in _files() if path.stem.startswith("hmac")], ids=lambda path: path.stem
)
def test_the_hmac_trailer_is_read(path: Path) -> None:
    """Each trailer has the key, the sender's clock and the counter that were read by hand, and that key made it."""
    truth = json.loads(path.read_text())
    adverts = [advert for advert in _decoded(path.with_suffix(".pcap")) if isinstance(advert, Advert) and advert.hmac]
    keys = {int(number): f"hex:{key}" for number, key in truth.get("hmac_keys_hex", {}).items()}
    found = []
    for advert in adverts:
        assert advert.hmac is not None
        assert advert.secret is not None
        right = tuple(number for number, key in keys.items() if advert.secret.matches(key))
        time = round(advert.hmac.time, 4)
        found.append((advert.source, advert.hmac.key_id, time, advert.hmac.counter, right))
    assert sorted(found) == sorted(
        (
            row["src"],
            row["key_id"],
            round(row["sec"] + row["subsec"] / 65536, 4),
            row["ctr"],
            tuple(row["verified_with_key"]),
        )
        for row in truth.get("hmac_trailers_decoded_by_hand", [])
    )


VARIANTS = {
    "v2-plain_2.4.3.nsec.pcap": 5,
    "v2-plain_2.4.3.pcap.gz": 5,
    "v2-plain_2.4.3.pcapng": 5,
    "any-sll2_2.4.3.pcapng": 10,
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the captures, ../shared/captures, are not here")
@pytest.mark.parametrize("name", VARIANTS)
def test_the_container_makes_no_difference(name: str) -> None:
    """Nanoseconds, gzip and pcapng give the adverts of the plain file, to the microsecond."""
    plain = _decoded(SHARED / f"{name.split('.pcap')[0].removesuffix('.nsec')}.pcap")
    found = _decoded(SHARED / "variants" / name)
    assert len(found) == VARIANTS[name]
    by_time = sorted(plain)[: len(found)] if name.startswith("any-") else plain
    assert [advert._replace(time=round(advert.time, 5)) for advert in found] == [
        advert._replace(time=round(advert.time, 5)) for advert in by_time
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the captures, ../shared/captures, are not here")
def test_a_cut_file_gives_what_is_whole() -> None:
    """A file that ends within a record gives the frames before it, and says that it is cut."""
    path = SHARED / "variants" / "v2-plain_2.4.3.cut.pcap"
    *frames, last = read_capture(str(path))
    assert (len(frames), isinstance(last, Notice) and last.kind) == (7, "cut")
    assert len(_decoded(path)) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the captures, ../shared/captures, are not here")
def test_a_short_snap_length_is_said() -> None:
    """Where the capture kept 40 bytes of each frame, the VRRP header is not whole, and that is the reason given."""
    found = _decoded(SHARED / "variants" / "v3-ip4_2.4.3.snap40.pcap")
    assert {(row.reason, row.detail, row.source) for row in found if isinstance(row, Malformed)} == {
        ("cut short by the capture", "6 of 16 bytes", "198.51.100.11")
    }
    assert len(found) == 8
