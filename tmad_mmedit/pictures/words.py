"""Words, as against data: what people wrote may travel, pixels may not."""
import re
from typing import Any

# Base64 and hexadecimal numbers; a language that writes without spaces is not
# of these letters
RUN = re.compile('[A-Za-z0-9+/=_-]{40,}')
LONG = 320  # letters in runs that only ends of lines break
CONTROLS = re.compile('[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]')
COMMON = re.compile('[ -~\u2000-\u206f\u3000-\u303f\uff00-\uff5e]')
NUMBERS = 64  # a description is a few


def is_words(text: str) -> bool:
    """Whether it is text, and no file in disguise."""
    return not CONTROLS.search(text) and not is_data(text)


def is_data(text: str) -> bool:
    """Whether there are long runs of letters that only spaces break, in time
    that goes by the length."""
    total = end = 0
    for run in RUN.finditer(text):
        if total and text[end:run.start()].strip():
            total = 0
        total, end = total + len(run[0]), run.end()
        if total >= LONG:
            return True
    return False


def words_of(raw: bytes) -> str:
    """Decode UTF-8, else what came before it.

    Raises:
        ValueError: If it is no text.
    """
    raw = raw.rstrip(b'\0')
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode('latin-1')
        letters = sum(x < 128 for x in raw)
        if len(raw) > 200 and letters < len(raw) / 2:
            raise ValueError('no text') from None
    if not is_words(text):
        raise ValueError('no text')
    return text


def is_text(raw: bytes) -> bool:
    """Whether bytes are words: UTF-8, Latin, or EXIF's comments and Windows'
    UTF-16."""
    kind, rest = raw[:8], raw[8:]
    if kind in (b'ASCII\0\0\0', bytes(8)):
        raw = rest
    elif kind == b'UNICODE\0':
        return is_utf16(rest)
    elif kind == b'JIS\0\0\0\0\0':
        try:
            return is_words(rest.rstrip(b'\0').decode('iso2022_jp'))
        except UnicodeDecodeError:
            return False
    try:
        words_of(raw)
        return True
    except ValueError:
        return is_utf16(raw)


def is_utf16(raw: bytes) -> bool:
    """Whether bytes are words in UTF-16 of either order. Any pair of bytes is
    some character: longer ones need spaces or punctuation, as words have."""
    for order in ('utf-16-le', 'utf-16-be'):
        try:
            text = raw.decode(order).rstrip('\0')
        except UnicodeDecodeError:
            continue
        common = len(COMMON.findall(text))
        if is_words(text) and (len(text) <= 32 or common > .03 * len(text)):
            return True
    return False


def describes(value: Any, numbers: int = NUMBERS) -> bool:
    """Whether a value of a tag is words or a few numbers."""
    if isinstance(value, str):
        try:
            words_of(value.encode('latin-1'))
            return True
        except UnicodeEncodeError:
            return is_words(value)
        except ValueError:
            return False
    if isinstance(value, bytes):
        return len(value) <= NUMBERS or is_text(value)
    if isinstance(value, (tuple, list)):
        return len(value) <= numbers and all(
            describes(x) for x in value)
    return True
