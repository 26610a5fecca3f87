from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "countyfair.registers.tasks"
    label = "tasks"
