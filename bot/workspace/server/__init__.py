"""The workspace over HTTP and WebSockets."""
