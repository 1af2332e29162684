"""The pages of a verifier: everything behind the footprints of its cases, to read; its questions and its statement."""
