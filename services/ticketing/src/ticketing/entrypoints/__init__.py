"""How a request, a call, an event or a job comes in; each opens the transaction of its use case."""
