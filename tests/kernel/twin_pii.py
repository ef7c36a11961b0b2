"""The slow, plain Python twin of the kernel's search for personal data, one anchor at a time."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from twin import WHITE, is_alphabetic, is_alphanumeric, tokens, trim

KINDS = ("email", "ip", "iban", "phone")
SPACES = " \u00a0\u202f\u2009"
HYPHENS = "-\u2010\u2011"
GAPS = re.escape(SPACES + HYPHENS)  # inside [], where a bare hyphen would be a range
DIGITS = "0123456789"
IBAN_CHARS = {
    country: chars
    for chars, countries in {
        15: "NO", 16: "BE", 18: "DK FI NL", 19: "SI", 20: "AT EE LT LU", 21: "HR LV LI CH", 22: "BG DE GB IE ME RS",
        24: "CZ ES RO SE SK AD", 25: "PT", 26: "IS", 27: "FR GR IT SM MC", 28: "CY HU PL", 31: "MT",
    }.items()
    for country in countries.split()
}  # fmt: skip


def redact(text, kinds=KINDS):
    """The text with placeholders, and how many of each kind."""
    out, counts, done, at = "", dict.fromkeys(KINDS, 0), 0, 0
    while at < len(text):
        find = {"@": email, ":": ipv6, **dict.fromkeys(DIGITS, number)}.get(text[at])
        kind, start, end = (find and find(text, at, done)) or (None, at, at)
        if kind in kinds:
            out += text[done:start] + f"<{kind.upper()}>"
            counts[kind] += 1
            done = at = end
        elif text[at] in DIGITS:
            at = re.compile("[0-9]*").match(text, at).end()
        else:
            at += 1
    return out + text[done:], counts


def before(text, at):
    return text[at - 1] if at else ""


def alphanumeric(c):
    return c != "" and is_alphanumeric(c)


def email(text, at, done):
    start = at
    while start > done and at - start <= 64 and (is_alphanumeric(text[start - 1]) or text[start - 1] in "._%+-"):
        start -= 1
    while start < at and not is_alphanumeric(text[start]):
        start += 1
    local = text[start:at]
    if not local or len(local.encode()) > 64 or local.endswith("."):
        return None
    end = at + 1
    while end < len(text) and end - at - 1 <= 253 and (is_alphanumeric(text[end]) or text[end] in ".-"):
        end += 1
    name, dot, top = text[at + 1 : end].rstrip(".-").rpartition(".")
    punycode = top.startswith("xn--")
    top = top if punycode else top.split("-")[0]
    domain = name + dot + top
    if not name or name[0] in ".-" or ".." in domain or len(domain.encode()) > 253 or len(top) < 2:
        return None
    if not punycode and not all(map(is_alphabetic, top)):
        return None
    return "email", start, at + 1 + len(domain)


def ipv6(text, at, done):
    part, start = "0123456789abcdefABCDEF:", at
    while start > done and at - start < 40 and text[start - 1] in part:
        start -= 1
    end = start
    while end < len(text) and end - start < 41 and text[end] in part:
        end += 1
    found = text[start:end].rstrip(":")
    end = start + len(found)
    if len(found) > 39 or alphanumeric(before(text, start)) or alphanumeric(text[end : end + 1]):
        return None
    if sum(group != "" for group in found.split(":")) < 3:
        return None
    try:
        IPv6Address(found)
    except AddressValueError:
        return None
    return "ip", start, end


def number(text, at, done):
    if found := iban(text, at, done):
        return found
    previous = text[at - 1] if at > done else ""
    if alphanumeric(previous) or (previous and previous in "_#"):
        return None
    return ipv4(text, at, done, previous) or phone(text, at, done, previous)


def ipv4(text, at, done, previous):
    earlier = text[at - 2] if at - 1 > done else ""
    if previous and (
        previous in ".-" or (previous == "/" and earlier != "/") or (previous == ":" and earlier in [*"0123456789"])
    ):
        return None
    found = re.compile("[0-9.]*").match(text, at).group().rstrip(".")
    following = text[at + len(found) : at + len(found) + 1]
    try:
        octets = IPv4Address(found).packed
    except AddressValueError:
        return None
    if alphanumeric(following) or following == "-":
        return None
    if all(1 <= octet < 100 for octet in octets) and not said_to_be_ip(text[:at]):
        return None
    return "ip", at, at + len(found)


def said_to_be_ip(text):
    last_words = [word for word in tokens(text.encode()[-40:].decode(errors="ignore")) if word][-3:]
    return any(word[:2] in ("ip", "iP", "Ip", "IP") for word in last_words)


def iban(text, at, done):
    start = at - 2
    wanted = IBAN_CHARS.get(text[start:at]) if start >= done else None
    if wanted is None or alphanumeric(before(text, start)):
        return None
    gap = f"[{GAPS}]?"
    found = re.compile(f"[A-Z0-9](?:{gap}[A-Z0-9]){{{wanted - 1}}}").match(text, start)
    if found is None or alphanumeric(text[found.end() : found.end() + 1]):
        return None
    compact = re.sub(f"[{GAPS}]", "", found.group())
    moved = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
    return ("iban", start, found.end()) if int(moved) % 97 == 1 else None


def phone(text, at, done, previous):
    plus = previous == "+"
    if previous and previous in ".,/-:":
        return None
    if previous in WHITE and text[:at].rstrip(SPACES)[-1:] in [*DIGITS]:
        return None
    separator = f"[{GAPS}/.()]"
    found = re.compile(f"([0-9]+)({separator}{{1,3}}[0-9]+)*").match(text, at)
    end, whole = found.end(), found.group()
    groups = [len(group) for group in re.findall("[0-9]+", whole)]
    # A ninth group, or a separator after it, is no phone number any more.
    if len(groups) > 9 or (len(groups) == 9 and re.match(separator, text[end : end + 1])):
        return None
    following = text[end : end + 1]
    if alphanumeric(following) or following == "%":
        return None
    digits = sum(groups)
    if plus or (whole.startswith("00") and not text.startswith("000", at)):
        first = whole[:1] if plus else text[at + 2 : at + 3]
        start = at - plus
        if start > done and text[start - 1] == "(":
            start -= 1
        sound = first in [*"123456789"] and max(groups) <= 12 and digits in (range(8, 16) if plus else range(10, 18))
        return ("phone", start, end) if sound else None
    marks = [trim(mark)[:1] or " " for mark in re.findall(f"{separator}+", whole)]
    grouped = 2 <= len(groups) <= 6 and all(2 <= n <= 8 for n in groups) and groups[0] <= 5
    plain = "." not in marks and marks.count("/") <= 1
    if not (whole.startswith("0") and 9 <= digits <= 11 and grouped and plain):
        return None
    return "phone", at - (previous == "("), end
