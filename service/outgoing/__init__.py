"""The only way out: requests to other systems that people have registered, guarded against being sent anywhere else."""
