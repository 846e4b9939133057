"""What somebody wrote in an answer, without the mail that was answered, the signature, and lines of programs."""

import re

#: Lines behind which only the mail that was answered follows.
HISTORY = re.compile(
    r"\s*(>\s*)?("
    r"-{2,40}\s*(original message|original appointment|forwarded message|ursprüngliche nachricht|message d'origine"
    r"|原始邮件|原邮件|转发邮件|转发的邮件|回复的原邮件)\s*-{2,40}"
    r"|_{20,}"
    r"|on\b.{5,300}\bwrote:"
    r"|am\b.{5,300}\bschrieb\b.{0,200}:"
    r"|le\b.{5,300}\ba écrit\s*:"
    r"|[于在]?.{2,200}(写道|寫道)[：:]"
    r")\s*",
    re.IGNORECASE,
)
#: How programs repeat the head of a mail, in the order in which one of the second follows the first soon.
FROM = re.compile(r"\s*\*?(from|发件人|寄件者|寄件人|von|de)\s*\*?\s*[：:].*", re.IGNORECASE)
OTHERS = re.compile(
    r"\s*\*?(sent|date|to|cc|subject|发送时间|发送日期|日期|时间|收件人|抄送|主题|寄件日期|收件者|主旨|gesendet|an|betreff)"
    r"\s*\*?\s*[：:].*",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(-- ?|—|发自我的.{1,30}|sent from my .{1,40}|get outlook for .{1,20}|获取 ?outlook.{0,20})\s*", re.IGNORECASE
)
#: More of an answer is not looked at, nor kept. How far behind FROM the others stand.
LONGEST, LONGEST_LINE, NEAR = 40_000, 600, 4
#: A line that begins a signature is short, and so is what follows.
LONGEST_SIGNATURE, MOST_SIGNED = 80, 12


def answer_in(text: str) -> str:
    """What the person wrote now. All of it where nothing would be left, as in a mail that only sends another on."""
    lines = text[:LONGEST].split("\n")
    own = _without_signature(_without_history(lines))
    found = "\n".join(own).strip()
    return found or text.strip()


def without_signature(text: str) -> str:
    """A mail without what its program or its sender puts below each."""
    found = "\n".join(_without_signature(text.split("\n"))).strip()
    return found or text.strip()


def _without_history(lines: list[str]) -> list[str]:
    for number in range(len(lines)):
        if not _begins_history(lines, number):
            continue
        behind = [each for each in lines[number + 1 :] if each.strip()]
        is_quoted = bool(behind) and behind[0].lstrip().startswith(">")
        # Whoever writes between the lines of the other is read whole: nothing else can be understood.
        if is_quoted and any(not each.lstrip().startswith(">") for each in _without_signature(behind)):
            return lines
        return lines[:number] if any(each.strip() for each in lines[:number]) else lines
    return _without_quoted_end(lines)


def _begins_history(lines: list[str], number: int) -> bool:
    line = lines[number]
    if len(line) > LONGEST_LINE:
        return False
    if HISTORY.fullmatch(line):
        return True
    # Programs break “On … wrote:” over two or three lines.
    if re.match(r"\s*(>\s*)?(on|am|le|在|于)\b", line, re.IGNORECASE):
        together = " ".join(each.strip() for each in lines[number : number + 3])
        if len(together) <= LONGEST_LINE and any(
            HISTORY.fullmatch(" ".join(each.strip() for each in lines[number : number + count])) for count in (2, 3)
        ):
            return True
    near = lines[number + 1 : number + 1 + NEAR]
    return (
        FROM.fullmatch(line) is not None and sum(OTHERS.fullmatch(each[:LONGEST_LINE]) is not None for each in near) > 1
    )


def _without_quoted_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return lines[:end] if end else lines


def _without_signature(lines: list[str]) -> list[str]:
    """A signature is short: it begins among the last lines, or is none."""
    signed, first = 0, len(lines)
    while first and signed <= MOST_SIGNED:
        first -= 1
        signed += bool(lines[first].strip())
    for number in range(first, len(lines)):
        if len(lines[number]) <= LONGEST_SIGNATURE and SIGNATURE.fullmatch(lines[number]):
            return lines[:number]
    return lines
