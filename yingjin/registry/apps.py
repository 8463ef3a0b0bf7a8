from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "yingjin.registry"
    label = "registry"
