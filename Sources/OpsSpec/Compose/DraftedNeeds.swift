internal import OpsYAML

/// Who needs whom by what services wait for and link with; what a topology cannot say is left out with a remark.
struct DraftedNeeds {
    /// By component, in the order of the text.
    private(set) var needs: [String: [String]] = [:]
    /// What was left out.
    private(set) var remarks: [Problem] = []

    private let file: String
    private let names: Set<String>
    /// What each service still has to be asked for, the first of them last.
    private var waiting: [String: [ComposeService.Dependency]] = [:]
    private var finished: Set<String> = []

    init(_ compose: ComposeFile) {
        file = compose.file
        names = Set(compose.services.map(\.name))
        for service in compose.services { waiting[service.name] = sayable(service).reversed() }
        for service in compose.services { walk(from: service.name) }
    }

    private mutating func sayable(_ service: ComposeService) -> [ComposeService.Dependency] {
        var found: [ComposeService.Dependency] = []
        var seen: Set<String> = []
        for dependency in service.dependencies where !seen.contains(dependency.name) {
            if let reason = obstacle(dependency) {
                leaveOut(dependency, of: service.name, reason)
            } else {
                seen.insert(dependency.name)
                found.append(dependency)
            }
        }
        return found
    }

    private func obstacle(_ dependency: ComposeService.Dependency) -> String? {
        if !names.contains(dependency.name) { return "which is no service of this file" }
        return dependency.endsFirst ? "which has ended by then" : nil
    }

    /// Follows each link once, depth first, and leaves out one that leads back to where the way came from.
    private mutating func walk(from root: String) {
        guard !finished.contains(root) else { return }
        var trail = [root]
        var isOnTrail: Set<String> = [root]
        while let name = trail.last {
            guard let next = waiting[name]?.popLast() else {
                trail.removeLast()
                isOnTrail.remove(name)
                finished.insert(name)
                continue
            }
            if isOnTrail.contains(next.name) {
                leaveOut(next, of: name, "which needs it too, directly or through others")
                continue
            }
            needs[name, default: []].append(next.name)
            guard !finished.contains(next.name) else { continue }
            trail.append(next.name)
            isOnTrail.insert(next.name)
        }
    }

    private mutating func leaveOut(_ dependency: ComposeService.Dependency, of service: String, _ reason: String) {
        let other = DraftText.brief(dependency.name)
        remarks.append(
            Problem(
                file: file,
                line: dependency.mark.line,
                column: dependency.mark.column,
                message: "service \(service) waits for '\(other)', \(reason): left out of its 'needs'"
            )
        )
    }
}
