"""What AWS's services answer, as far as hpo asks them: strict where AWS is, local, and troubled on demand."""
