import OpsService
import OpsSystem
import OpsTrust

/// What shop.env says, read once when a process starts: a changed file takes effect with the next start.
struct ShopEnvironment: Sendable {
    /// Everything that is wrong with the file, found in one go.
    struct Invalid: Error, CustomStringConvertible {
        var path: String
        var problems: [String]

        var description: String { "\(path): \(problems.joined(separator: "; "))" }
    }

    struct Database: Sendable, Equatable {
        var host = "127.0.0.1"
        var port = 5433
        var name = "shop"
        var user = "shop"
        var password = ""
        var pool = 10
        var statementTimeout = Duration.seconds(2)
    }

    struct Payments: Sendable, Equatable {
        var active = Provider.primary
        var primary = "http://127.0.0.1:8031"
        var fallback = "http://127.0.0.1:8032"
        var key = ""

        /// The address of one of the two.
        func url(of provider: Provider) -> String { provider == .primary ? primary : fallback }
    }

    /// Which of the two payment providers.
    enum Provider: String, Sendable, CaseIterable, Codable {
        case primary
        case fallback
    }

    var database = Database()
    var payments = Payments()
    var workerConcurrency = 4
    /// Retries per hundred calls that may be added to the load of a dependency.
    var retryBudget = 10
    var isSingleFlight = true
    /// The first twelve digits of the SHA-256 of the file, as `sha256sum` gives them.
    var hash = "none"

    /// Reads a file, and names all its mistakes at once.
    static func read(_ path: String) throws -> ShopEnvironment {
        try ShopEnvironment(EnvironmentFile(path: path, limit: 65_536), path: path)
    }

    /// The same where everybody is called at another address, at the same port, but whose name leads there by itself.
    func reached(at host: String, but hosts: HostsFile? = nil) -> ShopEnvironment {
        func moved(_ url: String) -> String {
            guard let begin = url.firstRange(of: "://") else { return url }
            let rest = url[begin.upperBound...]
            if hosts?.address(of: String(rest.prefix { !":/?#".contains($0) })) != nil { return url }
            return url[..<begin.upperBound] + host + rest[(rest.firstIndex { ":/?#".contains($0) } ?? rest.endIndex)...]
        }
        var moving = self
        moving.database.host = host
        moving.payments.primary = moved(self.payments.primary)
        moving.payments.fallback = moved(self.payments.fallback)
        return moving
    }

    init() {}

    init(_ file: EnvironmentFile, path: String) throws(Invalid) {
        guard file.unreadableLines.isEmpty else {
            let lines = file.unreadableLines.map(String.init).joined(separator: ", ")
            let problem = "no KEY=value in line \(lines); write one setting per line, or put # before a comment"
            throw Invalid(path: path, problems: [problem])
        }
        var reader = Reader(values: file.values)
        reader.text("DB_HOST", into: &database.host)
        reader.number("DB_PORT", 1...65_535, into: &database.port)
        reader.text("DB_NAME", into: &database.name)
        reader.text("DB_USER", into: &database.user)
        reader.text("DB_PASSWORD", into: &database.password)
        reader.number("DB_POOL", 1...64, into: &database.pool)
        reader.duration("STATEMENT_TIMEOUT", into: &database.statementTimeout)
        reader.provider("PAYMENTS_ACTIVE", into: &payments.active)
        reader.text("PAYMENTS_URL", into: &payments.primary)
        reader.text("PAYMENTS_FALLBACK_URL", into: &payments.fallback)
        reader.text("PAYMENTS_KEY", into: &payments.key)
        reader.number("WORKER_CONCURRENCY", 0...16, into: &workerConcurrency)
        reader.percent("RETRY_BUDGET", into: &retryBudget)
        reader.flag("CACHE_SINGLE_FLIGHT", into: &isSingleFlight)
        guard reader.problems.isEmpty else { throw Invalid(path: path, problems: reader.problems) }
        hash = String(Digest.sha256(file.bytes).hex.prefix(12))
    }
}

extension ShopEnvironment {
    /// Takes typed values out of a table and remembers what does not fit.
    ///
    /// Unknown keys belong to other programs.
    fileprivate struct Reader {
        var values: [String: String]
        var problems: [String] = []

        mutating func text(_ key: String, into value: inout String) { value = values[key] ?? value }

        mutating func number(_ key: String, _ range: ClosedRange<Int>, into value: inout Int) {
            let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            take(key, expected, into: &value) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
        }

        mutating func percent(_ key: String, into value: inout Int) {
            take(key, "a percentage from 0% to 100%", into: &value) { text in
                Int(text.hasSuffix("%") ? String(text.dropLast()) : text).flatMap { (0...100).contains($0) ? $0 : nil }
            }
        }

        mutating func duration(_ key: String, into value: inout Duration) {
            take(key, "a duration such as 500ms or 2s", into: &value) { DurationText.parse($0) }
        }

        mutating func provider(_ key: String, into value: inout Provider) {
            take(key, "primary or fallback", into: &value) { Provider(rawValue: $0) }
        }

        mutating func flag(_ key: String, into value: inout Bool) {
            take(key, "true or false", into: &value) { $0 == "true" ? true : $0 == "false" ? false : nil }
        }

        private mutating func take<Value>(
            _ key: String,
            _ expected: String,
            into value: inout Value,
            parse: (String) -> Value?
        ) {
            guard let text = values[key] else { return }
            if let parsed = parse(text) { value = parsed } else { problems.append("\(key) has to be \(expected)") }
        }
    }
}
