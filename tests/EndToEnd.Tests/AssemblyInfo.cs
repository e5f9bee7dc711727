// Each of these deploys for real; side by side they would only take each other's time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
