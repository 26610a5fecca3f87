"""Recordings: one form for every phone, hostile files refused with a sentence, heard only once shown."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import av
import pytest
from av.audio.stream import AudioStream
from django.test import Client
from django.urls import reverse

from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import scalar
from countyfair.registers.people.actions import record_consent, withdraw_consent
from countyfair.registers.people.rules import SELLING
from countyfair.registers.people.tests.factories import SYSTEM, a_household, an_actor
from countyfair.trade.catalog import actions
from countyfair.trade.catalog.queries import product_page
from countyfair.trade.catalog.queries.desk import product_whole
from countyfair.trade.catalog.rules.voices import LARGEST_FILE, file_name, kind_of, read_voice
from countyfair.trade.catalog.tests.factories import a_product, a_sound, a_voice

#: Bytes that look like noise and are the same each time.
NOISE = b"".join(hashlib.sha256(bytes([one])).digest() for one in range(200))


def sent_as(kind: str, codec: str) -> bytes:
    """A tone as a browser's recorder sends it."""
    made = io.BytesIO()
    with (
        av.open(io.BytesIO(a_sound(2)), "r", format="wav") as source,
        av.open(made, "w", format=kind) as kept,
    ):
        track = kept.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(track, AudioStream)
        turned = av.AudioResampler(format=track.format.name, layout="mono", rate=48_000)
        for decoded in source.decode(source.streams.audio[0]):
            for frame in turned.resample(decoded):
                frame.pts = None
                kept.mux(track.encode(frame))
        kept.mux(track.encode(None))
    return made.getvalue()


@pytest.mark.parametrize(
    ("kind", "codec"), [("webm", "libopus"), ("mp4", "aac"), ("ogg", "libopus"), ("wav", "pcm_s16le")]
)
def test_what_browsers_record_is_kept_in_one_form(kind: str, codec: str) -> None:
    recording = read_voice(sent_as(kind, codec))
    assert 1900 <= recording.length_ms <= 2150
    with av.open(io.BytesIO(recording.data), "r") as played:
        (track,) = played.streams.audio
        assert (track.codec_context.name, track.rate) == ("aac", 24_000)
        assert played.duration is not None
        assert 1.9e6 <= played.duration <= 2.2e6


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x1a\x45\xdf\xa3" + NOISE,
        b"OggS" + NOISE,
        b"\x00\x00\x00\x18ftypisom" + NOISE,
        b"RIFF\x00\x00\x00\x00WAVE" + NOISE,
        b"\xff\xfb" + bytes(20_000),
        b"RIFF" + bytes(LARGEST_FILE),
        a_sound(0.1),
        a_sound(63),
    ],
    ids=["empty", "svg", "playlist", "concat", "webm", "ogg", "mp4", "wav", "mp3", "large", "short", "long"],
)
def test_what_is_no_recording_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_voice(data)
    assert refused.value.field == "voice"


def test_nothing_but_a_recording_has_a_kind() -> None:
    assert [kind_of(data) for data in (b"", b"x", b"#EXTM3U", b"\x89PNG")] == [None] * 4


@pytest.mark.django_db
def test_buyers_hear_what_is_shown_until_it_is_withdrawn(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    product, hidden = a_product(), uuid7()
    for _again in range(2):
        actions.record_voice(SYSTEM, voice=hidden, product=product, data=a_sound())
    assert product_page(product=product).voices == ()
    shown = a_voice(product)
    (heard,) = product_page(product=product).voices
    assert (heard.id, heard.words) == (shown, "样例·说")
    assert (tmp_path / file_name(heard.digest)).exists()
    with pytest.raises(Forbidden):
        actions.withdraw_voice(an_actor("station_agent"), voice=shown)
    actions.withdraw_voice(SYSTEM, voice=shown)
    assert product_page(product=product).voices == ()
    with pytest.raises(Missing):
        actions.show_voice(SYSTEM, voice=uuid7())
    with pytest.raises(Conflict):
        actions.record_voice(SYSTEM, voice=shown, product=product, data=a_sound(2))
    assert scalar("SELECT count(*) FROM catalog_voice") == 2


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["consent", "voice"])
def test_what_is_taken_back_is_silent_at_once_on_the_page_and_in_whoever_kept_the_file(
    settings: Any, tmp_path: Path, client: Client, how: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    product, voice, household = a_product(), uuid7(), a_household()
    actions.record_voice(SYSTEM, voice=voice, product=product, data=a_sound(), household=household)
    actions.show_voice(SYSTEM, voice=voice)
    (heard,) = product_page(product=product).voices
    address = reverse("shop:voice", args=[file_name(heard.digest)])
    first = client.get(address)
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    kept = {"if-none-match": first["ETag"]}
    assert client.get(address, headers=kept).status_code == 304
    if how == "consent":
        withdraw_consent(SYSTEM, household_id=household, purpose=SELLING)
    else:
        actions.withdraw_voice(SYSTEM, voice=voice)
    assert product_page(product=product).voices == ()
    assert product_whole(SYSTEM, product=product).voices == ()
    for headers in ({}, kept, {"range": "bytes=0-1"}):
        assert client.get(address, headers=headers).status_code == 404
    if how == "consent":
        record_consent(SYSTEM, household_id=household, purpose=SELLING, how="paper")
        assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_a_player_gets_the_stretch_it_asks_for(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = a_product()
    a_voice(product)
    (heard,) = product_page(product=product).voices
    whole = (tmp_path / file_name(heard.digest)).read_bytes()
    address = reverse("shop:voice", args=[file_name(heard.digest)])
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Accept-Ranges"], answer.content) == ("audio/mp4", "bytes", whole)
    for asked, stretch in (
        ("bytes=0-1", whole[:2]),
        ("bytes=10-", whole[10:]),
        ("bytes=5-99999999", whole[5:]),
    ):
        answer = client.get(address, headers={"range": asked})
        assert (answer.status_code, answer.content) == (206, stretch)
    assert client.get(address, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get(address, headers={"range": "bytes=5-2"}).status_code == 416
    assert client.get(address, headers={"range": "nonsense"}).content == whole
    assert client.get(reverse("shop:voice", args=[f"aa/{'a' * 64}.m4a"])).status_code == 404
