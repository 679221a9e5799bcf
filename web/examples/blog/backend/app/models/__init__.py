from app.models.post import Comment, Post, post_tag, Tag
from app.models.user import User

__all__ = ["Comment", "Post", "Tag", "User", "post_tag"]
