"""Which addresses may be called back: pure rules, against requests that would have us call into our own network."""

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class CallbackHosts:
    """``public`` are names of hosts whose addresses have to be public; ``private`` are in our own network.

    A host is written with its port unless that is 443. ``plain`` are origins on this machine that may be called
    without encryption, such as ``http://127.0.0.1:8080``.
    """

    public: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()

    def problem(self, url: str) -> str:
        """Why ``url`` isn't called, in a sentence; empty if it may be."""
        try:
            address = urlsplit(url)
            host, port = (address.hostname or "").casefold().rstrip("."), address.port
        except ValueError:
            return "The address to call back can't be read."
        if f"{address.scheme}://{_named(host, port)}" in self.plain and host in LOOPBACK:
            return ""
        if address.scheme != "https":
            return "The address to call back has to begin with https://."
        if address.username is not None or address.password is not None:
            return "The address to call back has a name or a password in it."
        name = _named(host, None if port == 443 else port)
        if name not in self.public and name not in self.private:
            return f"{name} is not among the hosts that Release Desk calls back: see GATE_CALLBACK_HOSTS."
        return ""

    def may_reach(self, host: str, port: int | None, address: str) -> bool:
        """Whether ``host`` may be called at the ``address`` that its name has led to."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        name = _named(host.casefold().rstrip("."), None if port == 443 else port)
        if found.is_loopback:
            return any(one.endswith(f"://{name}") for one in self.plain)
        if name in self.private:
            return not (found.is_link_local or found.is_multicast or found.is_unspecified)
        return name in self.public and _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        return mapped.is_global and not mapped.is_multicast
    return address.is_global and not address.is_multicast


def _named(host: str, port: int | None) -> str:
    called = f"[{host}]" if ":" in host else host
    return called if port is None else f"{called}:{port}"


def read_hosts(public: Collection[str], private: Collection[str]) -> CallbackHosts:
    """Entries as the settings have them: ``host`` or ``host:port``; of this machine an origin with ``http://``."""
    plain = {one for one in private if one.startswith("http://")}
    return CallbackHosts(
        public=frozenset(one.casefold() for one in public),
        private=frozenset(one.casefold() for one in private if one not in plain),
        plain=frozenset(one.casefold().rstrip("/") for one in plain),
    )
