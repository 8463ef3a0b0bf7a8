"""What the edge may ask of users."""

from yingjin.registry.models import User


def demo_users_exist() -> bool:
    """Say whether somebody may sign in who was made for the demonstration county."""
    return User.objects.filter(is_demo=True).exists()


def users_exist() -> bool:
    """Say whether anybody may sign in."""
    return User.objects.exists()
