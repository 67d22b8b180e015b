internal import OpsModel

/// By what a journey's failures are told apart.
enum FailureDimension: String, CaseIterable, Sendable {
    case route
    case instance
    case customer
    case code

    func counts(of bucket: JourneyBucket) -> [String: Int] {
        switch self {
        case .route: bucket.byRoute
        case .instance: bucket.byInstance
        case .customer: bucket.byCustomer
        case .code: bucket.byCode
        }
    }
}
