"""Which browser on which system, from what a browser says of itself."""

import re

#: What stands in the header → what people call it. The first that is found counts: most name others too.
BROWSERS = (
    (r"EdgA?/|EdgiOS/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"MicroMessenger/", "WeChat"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"curl/|python|Go-http|Wget", "script"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)
READ_AT_MOST = 500


def device_of(user_agent: str) -> str:
    """Such as `Firefox · Windows`; empty when nothing of it is known."""
    text = user_agent[:READ_AT_MOST]
    known = (next((name for pattern, name in found if re.search(pattern, text)), "") for found in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, known))
