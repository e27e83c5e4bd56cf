from datetime import timedelta

from django.db import models
from django.utils import timezone


class Author(models.Model):
    name = models.CharField(max_length=100)
    email = models.EmailField(unique=True)
    active = models.BooleanField(default=True)
    rating = models.FloatField(null=True)
    balance = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    born = models.DateField(null=True)
    joined = models.DateTimeField(default=timezone.now)
    settings = models.JSONField(null=True)
    photo = models.BinaryField(null=True)
    token = models.UUIDField(null=True)
    patience = models.DurationField(default=timedelta(days=1, microseconds=5))


class Tag(models.Model):
    name = models.SlugField(unique=True)


class Post(models.Model):
    author = models.ForeignKey(Author, on_delete=models.CASCADE)
    title = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=[("draft", "Draft"), ("published", "Published")])
    views = models.PositiveIntegerField(default=0)
    big = models.BigIntegerField(null=True)
    tags = models.ManyToManyField(Tag)
