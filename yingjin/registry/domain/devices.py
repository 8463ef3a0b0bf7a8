"""Name the machine a session was begun on, as its browser says: enough to know one's own, no more."""

# In order: a browser that pretends to be another comes before it.
BROWSERS = (
    ("Edg/", "Edge"), ("MicroMessenger", "微信"), ("QQBrowser", "QQ 浏览器"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Return browser and system, "Chrome · Windows"; blank for a program that names neither."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, (browser, system)))
