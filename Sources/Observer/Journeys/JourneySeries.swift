internal import OpsModel

/// The last quarter of an hour of one journey.
struct JourneySeries: Sendable {
    private(set) var buckets = TimedRing<ObservedBucket>(span: 900)

    mutating func append(_ bucket: ObservedBucket) { buckets.append(bucket, at: bucket.bucket.from) }

    /// Sums over the buckets that began at or after a moment.
    func sum(since moment: Timestamp) -> JourneySum {
        buckets.since(moment).reduce(into: JourneySum()) { $0.add($1.value) }
    }

    /// Buckets that began inside `[from, to)`, oldest first.
    func between(_ from: Timestamp, _ to: Timestamp) -> [ObservedBucket] {
        buckets.since(from).map(\.value).filter { $0.bucket.from < to }
    }
}

/// Several buckets of one journey taken together.
struct JourneySum: Sendable {
    var good = 0
    var bad = 0
    var p99Ms = 0.0
    var p50Ms = 0.0
    var isStarved = false
    var end: Timestamp?
    var failures: [FailureDimension: [String: Int]] = [:]
    private var weight = 0.0

    /// Good over all; nil without requests.
    var ratio: Double? { good + bad == 0 ? nil : Double(good) / Double(good + bad) }

    /// The slowest bucket's 99th percentile stands for the whole: percentiles cannot be added.
    mutating func add(_ observed: ObservedBucket) {
        let bucket = observed.bucket
        let requests = Double(bucket.good + bucket.bad)
        good += bucket.good
        bad += bucket.bad
        p99Ms = max(p99Ms, bucket.p99Ms)
        if weight + requests > 0 { p50Ms = (p50Ms * weight + bucket.p50Ms * requests) / (weight + requests) }
        weight += requests
        isStarved = isStarved || observed.isStarved
        end = observed.end
        for dimension in FailureDimension.allCases {
            failures[dimension, default: [:]].merge(dimension.counts(of: bucket), uniquingKeysWith: +)
        }
    }
}
