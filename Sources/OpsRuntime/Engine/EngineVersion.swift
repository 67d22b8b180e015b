import OpsModel

/// Which engine answers, and how new its interface is.
struct EngineVersion: Sendable, Equatable {
    /// The oldest interface that has every call made here: Docker 20.10, which is Debian 12's.
    static let oldest = APIVersion(major: 1, minor: 41)

    /// The program's own version, such as `20.10.24`.
    var engine: String
    /// The newest interface that it speaks.
    var api: APIVersion

    /// Reads the answer to `GET /version`; nil for one that no engine gives.
    init?(_ answer: JSONValue?) {
        guard let engine = answer?["Version"]?.stringValue,
            let api = answer?["ApiVersion"]?.stringValue.flatMap(APIVersion.init)
        else { return nil }
        self.engine = engine
        self.api = api
    }

    /// The version of an interface, such as 1.41.
    struct APIVersion: Sendable, Comparable, CustomStringConvertible {
        var major: Int
        var minor: Int

        init(major: Int, minor: Int) {
            self.major = major
            self.minor = minor
        }

        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
            self.init(major: major, minor: minor)
        }

        static func < (left: APIVersion, right: APIVersion) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }

        var description: String { "\(major).\(minor)" }
    }
}
