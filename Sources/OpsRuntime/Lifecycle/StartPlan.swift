/// In which order the programs of a lab start, and when each counts as ready.
package struct StartPlan: Sendable {
    /// How a program shows that it can serve.
    package enum Readiness: Sendable, Equatable {
        /// `/ready` answers 200.
        case http(String)
        /// It has stayed up for its supervisor's start time.
        case running
    }

    package struct Step: Sendable, Equatable {
        package var program: String
        package var half: InstanceLayout.Half
        package var readiness: Readiness
    }

    /// Programs of one tier start together, after those of the tier before are ready.
    ///
    /// Databases come before all tiers.
    package let tiers: [[Step]]

    package init(
        ports: PortPlan,
        without: Set<String>,
        runtime: LabRuntime = .local,
        application: Application? = nil,
        linked: [String] = [],
        isProxied: Bool = false
    ) {
        func shop(_ program: String, _ listener: PortPlan.Listener) -> Step {
            Step(program: program, half: .target, readiness: .http(ports.url(listener)))
        }
        func service(_ program: String, _ listener: PortPlan.Listener) -> Step {
            Step(program: program, half: .lab, readiness: .http(ports.url(listener)))
        }
        func running(_ programs: [String]) -> [Step] {
            programs.map { Step(program: $0, half: .lab, readiness: .running) }
        }
        let links = linked.map(InstanceRecord.link)
        // As a process, the guard is the injector's own child. A supervisor calls running what has run for a second, and one
        // such second is enough.
        let (watchers, last) = runtime == .compose ? (running(["guard"] + links), []) : ([], running(links))
        // Who is called by way of a proxy starts after it, and cannot wait for the database itself.
        let between = isProxied ? [[service("proxy", .proxy)]] : []
        let target =
            application.map { Self.steps(of: $0) } ?? [
                [shop("payments-a", .upstream1), shop("payments-b", .upstream2)],
                [shop("api-1", .api1), shop("api-2", .api2)],
                [shop("web", .web), shop("worker", .worker), shop("report", .report)],
            ]
        let all =
            between + target + [
                [shop("load", .load), service("action", .action)] + watchers,
                [service("observer", .observer), service("chaos", .chaos)],
                [service("gate", .gate)],
                running(["agent"]) + last,
            ]
        self.tiers = all.map { $0.filter { !without.contains($0.program) } }.filter { !$0.isEmpty }
    }

    /// An application's programs tier by tier; those that nobody can call have to run, and no more.
    private static func steps(of application: Application) -> [[Step]] {
        Dictionary(grouping: application.programs, by: \.tier).sorted { $0.key < $1.key }.map { _, programs in
            programs.map { program in
                let url = application.url(of: program.name)
                return Step(program: program.name, half: .target, readiness: url.map { .http($0) } ?? .running)
            }
        }
    }

    /// Customers and agent end first, so that nobody sees the others go; databases end last.
    package static func stopOrder(_ running: [String]) -> [[String]] {
        let first = running.filter { $0 == "load" || $0 == "agent" }
        let last = running.filter { $0 == "db" || $0 == "agentops-db" }
        return [first, running.filter { !first.contains($0) && !last.contains($0) }, last].filter { !$0.isEmpty }
    }
}
