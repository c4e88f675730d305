"""Where work comes in: pages, JSON API, gRPC, jobs, command line."""
