"""
One POST to an address somebody else named: over HTTPS, to the public network alone, to the very address that was checked.

* Refused       the address may not be delivered to
* check_url     before a subscription is kept
* post          send, and return the status; nothing of the answer is kept
* signature     what proves to the receiver who sent it, and when

A name is looked up once and its address is the one connected to: a name that answers otherwise the second time leads
nowhere. No redirect is followed, no proxy asked.
"""

import hashlib
import hmac
import socket
import ssl
from http.client import HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from yingjin.basics.errors import BadInput

SECONDS = 10
READ_MOST = 4096
PORT_MOST = 65535


class Refused(BadInput):
    """An address nothing is delivered to."""

    code = "address_refused"

    def __init__(self, why_zh: str, why_en: str) -> None:
        super().__init__(
            f"{why_zh}。换一个公网上的 https 地址；要发到单位内网，请管理员在服务器上设 YINGJIN_API_DELIVERS=private。",
            f"{why_en}. Give an https address of the public network; for the office's own network the administrator sets "
            "YINGJIN_API_DELIVERS=private on the server.",
            field="body.url",
        )


class Target(NamedTuple):
    """Where to connect to: what was looked up, under which name, and the path to ask for."""

    address: str
    host: str
    port: int
    path: str
    secure: bool


def check_url(url: str, *, private: bool) -> None:
    """See that an address may be delivered to. Errors: Refused."""
    _target(url, private=private)


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> int:
    """Send, and return the status. Errors: Refused; OSError or HTTPException when nobody answers."""
    target = _target(url, private=private)
    connection = _Pinned(target)
    try:
        connection.request("POST", target.path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read(READ_MOST)
        return answer.status
    finally:
        connection.close()


def signature(body: bytes, secrets: list[str], at: int) -> str:
    """Return the header that signs a body at a moment, by each secret in force."""
    signed = f"{at}.".encode() + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


def problem_in_word(error: Exception) -> str:
    """Return what hindered a delivery, in one word for its log."""
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "certificate"
    return "no_answer" if isinstance(error, OSError | HTTPException) else "mistake"


def _target(url: str, *, private: bool) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("网址读不懂", "The address cannot be read") from None
    host = parts.hostname or ""
    if not host or parts.username or parts.password or parts.fragment or not url.isascii():
        raise Refused("网址要有主机名，不带用户名和 #", "The address needs a host, and neither user nor #")
    secure = parts.scheme == "https"
    address = _looked_up(host, port or (443 if secure else 80), private=private)
    if not secure and not (parts.scheme == "http" and private and address.is_loopback):
        raise Refused("只发到 https", "Only https is delivered to")
    return Target(str(address), host, port or (443 if secure else 80), _path(parts), secure)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _looked_up(host: str, port: int, *, private: bool) -> IPv4Address | IPv6Address:
    """Return the address of a name, all of whose addresses may be delivered to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("这个主机名查不到", "The host's name is not known") from None
    addresses = [_plain(ip_address(str(each[4][0]).partition("%")[0])) for each in found]
    if not addresses:
        raise Refused("这个主机名查不到", "The host's name is not known")
    for each in addresses:
        inside = private and (each.is_private or each.is_loopback) and not each.is_link_local
        if not (each.is_global or inside) or each.is_multicast or each.is_unspecified:
            raise Refused("这个地址不在公网上", "The address is not of the public network")
    return addresses[0]


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one stands for, so that it is judged as what it is."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


class _Pinned(HTTPSConnection):
    """A connection to an address that was looked up already; the certificate is the name's."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS, context=ssl.create_default_context())
        self.target = target

    def connect(self) -> None:
        """Connect to the address, and speak TLS under the name."""
        self.sock = socket.create_connection((self.target.address, self.target.port), SECONDS)
        if self.target.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)
