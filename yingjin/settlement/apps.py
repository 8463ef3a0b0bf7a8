from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "yingjin.settlement"
    label = "settlement"
