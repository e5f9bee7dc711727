using Google.Apis.Requests;
using Google.Apis.Util;
using Newtonsoft.Json;

namespace Google.Apis.Storage.v1.Data;

/// <summary>A bucket.</summary>
public class Bucket : IDirectResponseSchema
{
    [JsonProperty("etag")]
    public virtual string ETag { get; set; }

    [JsonProperty("iamConfiguration")]
    public virtual IamConfigurationData IamConfiguration { get; set; }

    [JsonProperty("id")]
    public virtual string Id { get; set; }

    [JsonProperty("kind")]
    public virtual string Kind { get; set; }

    [JsonProperty("labels")]
    public virtual IDictionary<string, string> Labels { get; set; }

    [JsonProperty("lifecycle")]
    public virtual LifecycleData Lifecycle { get; set; }

    [JsonProperty("location")]
    public virtual string Location { get; set; }

    [JsonProperty("locationType")]
    public virtual string LocationType { get; set; }

    [JsonProperty("metageneration")]
    public virtual long? Metageneration { get; set; }

    [JsonProperty("name")]
    public virtual string Name { get; set; }

    [JsonProperty("projectNumber")]
    public virtual ulong? ProjectNumber { get; set; }

    [JsonProperty("selfLink")]
    public virtual string SelfLink { get; set; }

    [JsonProperty("softDeletePolicy")]
    public virtual SoftDeletePolicyData SoftDeletePolicy { get; set; }

    [JsonProperty("storageClass")]
    public virtual string StorageClass { get; set; }

    [JsonProperty("timeCreated")]
    public virtual string TimeCreatedRaw { get; set; }

    /// <summary><see cref="TimeCreatedRaw"/> as a time; null where there is none.</summary>
    [JsonIgnore]
    public virtual DateTimeOffset? TimeCreatedDateTimeOffset
    {
        get => DiscoveryFormat.ParseGoogleDateTimeToDateTimeOffset(TimeCreatedRaw);
        set => TimeCreatedRaw = DiscoveryFormat.FormatDateTimeOffsetToGoogleDateTime(value);
    }

    [JsonProperty("updated")]
    public virtual string UpdatedRaw { get; set; }

    /// <summary><see cref="UpdatedRaw"/> as a time; null where there is none.</summary>
    [JsonIgnore]
    public virtual DateTimeOffset? UpdatedDateTimeOffset
    {
        get => DiscoveryFormat.ParseGoogleDateTimeToDateTimeOffset(UpdatedRaw);
        set => UpdatedRaw = DiscoveryFormat.FormatDateTimeOffsetToGoogleDateTime(value);
    }

    [JsonProperty("versioning")]
    public virtual VersioningData Versioning { get; set; }

    /// <summary>Who may read and write, and how that is said.</summary>
    public class IamConfigurationData
    {
        /// <summary>inherited or enforced.</summary>
        [JsonProperty("publicAccessPrevention")]
        public virtual string PublicAccessPrevention { get; set; }

        [JsonProperty("uniformBucketLevelAccess")]
        public virtual UniformBucketLevelAccessData UniformBucketLevelAccess { get; set; }

        /// <summary>Whether permissions are those of the bucket alone.</summary>
        public class UniformBucketLevelAccessData
        {
            [JsonProperty("enabled")]
            public virtual bool? Enabled { get; set; }

            [JsonProperty("lockedTime")]
            public virtual string LockedTimeRaw { get; set; }
        }
    }

    /// <summary>What happens to objects by themselves.</summary>
    public class LifecycleData
    {
        [JsonProperty("rule")]
        public virtual IList<RuleData> Rule { get; set; }

        /// <summary>What happens to an object, and when.</summary>
        public class RuleData
        {
            [JsonProperty("action")]
            public virtual ActionData Action { get; set; }

            [JsonProperty("condition")]
            public virtual ConditionData Condition { get; set; }

            /// <summary>What happens.</summary>
            public class ActionData
            {
                /// <summary>Delete, SetStorageClass or AbortIncompleteMultipartUpload.</summary>
                [JsonProperty("type")]
                public virtual string Type { get; set; }

                [JsonProperty("storageClass")]
                public virtual string StorageClass { get; set; }
            }

            /// <summary>When; all that is set must hold.</summary>
            public class ConditionData
            {
                /// <summary>In days since the object was made.</summary>
                [JsonProperty("age")]
                public virtual int? Age { get; set; }

                [JsonProperty("isLive")]
                public virtual bool? IsLive { get; set; }

                [JsonProperty("matchesPrefix")]
                public virtual IList<string> MatchesPrefix { get; set; }

                [JsonProperty("matchesStorageClass")]
                public virtual IList<string> MatchesStorageClass { get; set; }

                [JsonProperty("matchesSuffix")]
                public virtual IList<string> MatchesSuffix { get; set; }

                [JsonProperty("numNewerVersions")]
                public virtual int? NumNewerVersions { get; set; }

                [JsonProperty("daysSinceNoncurrentTime")]
                public virtual int? DaysSinceNoncurrentTime { get; set; }
            }
        }
    }

    /// <summary>How long deleted objects can be restored.</summary>
    public class SoftDeletePolicyData
    {
        [JsonProperty("effectiveTime")]
        public virtual string EffectiveTimeRaw { get; set; }

        /// <summary>0 deletes at once.</summary>
        [JsonProperty("retentionDurationSeconds")]
        public virtual long? RetentionDurationSeconds { get; set; }
    }

    /// <summary>Whether replaced objects are kept.</summary>
    public class VersioningData
    {
        [JsonProperty("enabled")]
        public virtual bool? Enabled { get; set; }
    }
}
