from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "yingjin.console"
    label = "console"
