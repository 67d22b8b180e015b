import OpsModel
import OpsSystem

/// What wrk saw of one route.
struct LoadRun {
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    var route: String
    var requestsPerSecond: Double
    var medianMilliseconds: Double
    var p99Milliseconds: Double
    var errors: Int

    static func measure(_ route: String, url: String, seconds: Int, connections: Int) async throws -> LoadRun {
        let arguments = ["-t1", "-c\(connections)", "-d\(seconds)s", "--latency", url]
        let output = try await OpsSystem.run("/usr/bin/wrk", arguments, within: .seconds(seconds + 20))
        guard let run = LoadRun(route, report: output.text) else {
            throw Unreadable(description: "wrk printed something unexpected; is the package wrk installed?")
        }
        return run
    }

    init?(_ route: String, report: String) {
        let lines = report.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        func value(_ first: String) -> String? { lines.first { $0.first == first && $0.count >= 2 }?[1] }
        guard let rate = value("Requests/sec:").flatMap(Double.init),
            let median = value("50%").flatMap(Self.milliseconds),
            let p99 = value("99%").flatMap(Self.milliseconds)
        else { return nil }
        self.route = route
        requestsPerSecond = rate
        medianMilliseconds = median
        p99Milliseconds = p99
        errors = Self.count(report, after: "Non-2xx or 3xx responses: ") + Self.socketErrors(report)
    }

    var json: JSONValue {
        [
            "route": .string(route), "requests_per_s": .double(requestsPerSecond),
            "p50_ms": .double(medianMilliseconds),
            "p99_ms": .double(p99Milliseconds), "errors": .int(errors),
        ]
    }

    private static func milliseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 0.001), ("ms", 1), ("s", 1_000)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }

    private static func socketErrors(_ report: String) -> Int {
        ["connect ", "read ", "write ", "timeout "].reduce(0) { $0 + count(report, after: $1) }
    }

    private static func count(_ report: String, after label: String) -> Int {
        guard let place = report.firstRange(of: label) else { return 0 }
        return Int(report[place.upperBound...].prefix { $0.isNumber }) ?? 0
    }
}
