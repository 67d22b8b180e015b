internal import OpsYAML

extension ComposeReader {
    func readPorts(_ node: inout YAMLMapping) -> [Int] {
        var ports: [Int] = []
        for key in ["ports", "expose"] {
            for item in node.list(key) ?? [] {
                guard let found = port(item, "'\(key)' of \(node.subject)"), !ports.contains(found) else { continue }
                ports.append(found)
            }
        }
        return ports
    }

    /// The container's side of `8080:80/tcp`, of `{target: 80, published: 8080}` and their like.
    private func port(_ item: YAMLNode, _ what: String) -> Int? {
        guard let text = item["target"].map({ reading($0, what) }) ?? containerSide(item, what) else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1)
        let layer = item["protocol"]?.scalar?.text ?? parts.dropFirst().first.map(String.init) ?? "tcp"
        if layer == "tcp", let port = Int(parts.first ?? ""), (1...65_535).contains(port) { return port }
        remarks.report("\(what) holds '\(DraftText.brief(text))', which is no single TCP port: left out", at: item.mark)
        return nil
    }

    /// Only what stands behind the last colon is needed, so that the rest may well be known to the environment only.
    private func containerSide(_ item: YAMLNode, _ what: String) -> String? {
        guard let text = item.scalar?.text else { return reading(item, what) }
        return filled(Interpolation.lastField(text[...]), what, at: item.mark)
            .map { String(Interpolation.lastField($0[...])) }
    }

    func readHealthCheck(_ node: inout YAMLMapping, of service: String) -> ComposeService.HealthCheck? {
        guard var check = node.mapping("healthcheck"), check.bool("disable") != true else { return nil }
        let test = check.node("test").map { $0.sequence ?? [$0] } ?? []
        let words = test.compactMap { reading($0, "'test' of \(check.subject)") }
        guard words.first != "NONE" else { return nil }
        return ComposeService.HealthCheck(
            question: ComposeService.Question(words.joined(separator: " "), of: service),
            timeout: timeout(&check)
        )
    }

    private func timeout(_ check: inout YAMLMapping) -> Duration? {
        let what = "'timeout' of \(check.subject)"
        guard let node = check.node("timeout"), let text = reading(node, what) else { return nil }
        // What is longer is nothing that anybody waits for, and would not fit into a duration.
        if text.utf8.count <= 8, let duration = Duration(goStyle: text), duration > .zero { return duration }
        remarks.report("\(what) is not one number with a unit, such as 500ms or 3s: left out", at: node.mark)
        return nil
    }

    func readRestart(_ node: inout YAMLMapping) -> Bool? {
        let what = "'restart' of \(node.subject)"
        guard let found = node.node("restart"), let policy = reading(found, what) else { return nil }
        switch policy.split(separator: ":").first.map(String.init) ?? "" {
        case "always", "unless-stopped", "on-failure": return true
        case "no": return false
        default:
            remarks.report(
                "\(what) is one of: no, always, unless-stopped, on-failure; left out",
                at: found.mark
            )
            return nil
        }
    }

    func readInstances(_ node: inout YAMLMapping) -> Int {
        var deploy = node.mapping("deploy")
        let (replicas, scale) = (deploy?.node("replicas"), node.node("scale"))
        let what = "the number of instances of \(node.subject)"
        guard let found = replicas ?? scale, let text = reading(found, what) else { return 1 }
        if let count = Int(text), (1...16).contains(count) { return count }
        remarks.report("\(what) is a whole number from 1 to 16 in a topology; one is taken", at: found.mark)
        return 1
    }

    func readDependencies(_ node: inout YAMLMapping) -> [ComposeService.Dependency] {
        let links = names(in: node.list("links") ?? [], "'links' of \(node.subject)")
        guard let found = node.node("depends_on") else { return links }
        guard let pairs = found.mapping else {
            return names(in: node.list("depends_on") ?? [], "'depends_on' of \(node.subject)") + links
        }
        return pairs.map(dependency) + links
    }

    private func dependency(_ pair: YAMLPair) -> ComposeService.Dependency {
        let condition = pair.value["condition"]?.scalar?.text
        return ComposeService.Dependency(
            name: pair.key,
            mark: pair.keyMark,
            endsFirst: condition == "service_completed_successfully"
        )
    }

    /// `SERVICE` or, among links, `SERVICE:ALIAS`.
    private func names(in items: [YAMLNode], _ what: String) -> [ComposeService.Dependency] {
        items.compactMap { item in
            guard let name = reading(item, what)?.split(separator: ":").first else { return nil }
            return ComposeService.Dependency(name: String(name), mark: item.mark, endsFirst: false)
        }
    }
}
