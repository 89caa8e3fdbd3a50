"""FEEL, the expression language of DMN 1.5: parsed, checked, compiled to Python, and able to say why it is null."""
