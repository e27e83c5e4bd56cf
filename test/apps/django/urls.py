from django.contrib import admin
from django.db import DatabaseError
from django.urls import include, path
from rest_framework import routers, serializers, views, viewsets
from rest_framework.response import Response
from shelf.models import Author, Post


class PostSerializer(serializers.ModelSerializer):
    class Meta:
        model = Post
        fields = ["id", "author", "title", "status", "views", "big"]


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        exclude = ["photo"]


class Posts(viewsets.ModelViewSet):
    queryset = Post.objects.order_by("id")
    serializer_class = PostSerializer


class Authors(viewsets.ModelViewSet):
    queryset = Author.objects.order_by("id")
    serializer_class = AuthorSerializer


router = routers.DefaultRouter()
router.register("posts", Posts)
router.register("authors", Authors)
urlpatterns = [path("admin/", admin.site.urls), path("api/", include(router.urls))]


def say_database_errors(error, context):
    if isinstance(error, DatabaseError):
        return Response({"detail": str(error)}, status=503)
    return views.exception_handler(error, context)
