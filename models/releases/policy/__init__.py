"""Release policy as code: each rule a pure function from what is asked for to what policy says of it."""
