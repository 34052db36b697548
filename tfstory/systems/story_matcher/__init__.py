"""story_matcher: pictures and the text told so far, in one space."""
