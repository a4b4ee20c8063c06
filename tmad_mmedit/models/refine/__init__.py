"""What a network paints over thin holes that have been filled. Ours."""
