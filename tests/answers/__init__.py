"""Known answers: how places stand and what comes first, judged apart from every rule."""
