"""What you should know: mails told by events, news and topic pages."""
