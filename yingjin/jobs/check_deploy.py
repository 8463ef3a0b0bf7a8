"""`yingjin check-deploy`: whether what protects the pages is switched on, before others than this machine use them."""

import argparse

from yingjin.jobs import setup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def run(args: argparse.Namespace) -> int:
    """Print what Django's checks for deployment find; return 0 when they find nothing, else 2."""
    setup.django()
    from django.conf import settings
    from django.core.checks import run_checks
    from django.utils.translation import override

    with override(None):
        found = [each for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]
    for each in found:
        print(f"缺  {each}")
    if not found:
        print("好  网页的安全设置齐备  everything that protects the pages is on")
        return 0
    if not settings.BEHIND_PROXY:
        print(
            "没有设 YINGJIN_BEHIND_PROXY=yes：现在只给这台机器用。给别的机器用，前面要有讲 HTTPS 的网页服务器（见使用手册）。\n"
            "YINGJIN_BEHIND_PROXY=yes is not set: this serves this machine alone. For other machines a web server that "
            "speaks HTTPS stands in front (see the user guide)."
        )
    return 2
