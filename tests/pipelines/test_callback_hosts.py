"""Which addresses are called back."""

import pytest

from models.pipelines.callback_hosts import read_hosts

HOSTS = read_hosts(
    ("app.terraform.io", "dev.azure.com", "tfe.example.com:8443"), ("tfe.corp.example", "http://127.0.0.1:8080")
)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://app.terraform.io/api", True),
        ("https://APP.terraform.io:443/api", True),
        ("https://app.terraform.io./api", True),
        ("https://tfe.example.com:8443/api", True),
        ("https://tfe.corp.example/api", True),
        ("http://127.0.0.1:8080/callback", True),
        ("https://tfe.example.com/api", False),
        ("http://app.terraform.io/api", False),
        ("https://evil.example/", False),
        ("https://app.terraform.io.evil.example/", False),
        ("https://evil.example/app.terraform.io", False),
        ("https://user:word@app.terraform.io/", False),
        ("https://app.terraform.io@evil.example/", False),
        ("https://app.terraform.io:22/", False),
        ("http://127.0.0.1:9090/callback", False),
        ("https://127.0.0.1:8080/", False),
        ("http://[::1]:8080/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("https://[", False),
        ("https://app.terraform.io:port/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_hosts_that_the_settings_name(url: str, called: bool) -> None:
    assert (HOSTS.problem(url) == "") is called


@pytest.mark.parametrize(
    ("host", "port", "address", "reached"),
    [
        ("app.terraform.io", 443, "75.2.98.97", True),
        ("app.terraform.io", None, "2600:9000::1", True),
        ("app.terraform.io", 443, "10.0.0.1", False),
        ("app.terraform.io", 443, "127.0.0.1", False),
        ("app.terraform.io", 443, "169.254.169.254", False),
        ("app.terraform.io", 443, "192.168.1.1", False),
        ("app.terraform.io", 443, "100.64.0.1", False),
        ("app.terraform.io", 443, "0.0.0.0", False),
        ("app.terraform.io", 443, "224.0.0.1", False),
        ("app.terraform.io", 443, "::1", False),
        ("app.terraform.io", 443, "::ffff:10.0.0.1", False),
        ("app.terraform.io", 443, "::ffff:127.0.0.1", False),
        ("app.terraform.io", 443, "2002:a00:1::1", False),
        ("app.terraform.io", 443, "fe80::1%eth0", False),
        ("app.terraform.io", 443, "fd00::1", False),
        ("app.terraform.io", 443, "elsewhere", False),
        ("evil.example", 443, "75.2.98.97", False),
        ("tfe.corp.example", 443, "10.0.0.1", True),
        ("tfe.corp.example", 443, "127.0.0.1", False),
        ("tfe.corp.example", 443, "169.254.169.254", False),
        ("127.0.0.1", 8080, "127.0.0.1", True),
        ("127.0.0.1", 9090, "127.0.0.1", False),
    ],
)
def test_a_name_that_leads_into_our_own_network_is_not_followed(
    host: str, port: int | None, address: str, reached: bool
) -> None:
    assert HOSTS.may_reach(host, port, address) is reached
