internal import OpsYAML

extension ComposeReader {
    func readService(_ pair: YAMLPair, among names: Set<String>) -> ComposeService? {
        checkName(pair)
        let subject = "service \(DraftText.brief(pair.key))"
        guard YAMLMapping(pair.value, subject, sink) != nil, var node = YAMLMapping(pair.value, subject, remarks)
        else { return nil }
        var service = ComposeService(name: pair.key, mark: pair.keyMark)
        service.image = readImage(&node)
        service.ports = readPorts(&node)
        service.healthCheck = readHealthCheck(&node, of: pair.key)
        service.dependencies = readDependencies(&node)
        service.isRestarted = readRestart(&node)
        service.instances = readInstances(&node)
        let environment = readEnvironment(&node)
        service.mentions = environment.mentions(of: names, by: pair.key)
        if service.isPostgres {
            service.database = value(of: "POSTGRES_DB", in: environment, node)
            service.owner = value(of: "POSTGRES_USER", in: environment, node)
        }
        remarkOrigin(node, at: pair.keyMark)
        remarkKeys(of: node, known: ComposeVocabulary.service)
        return service
    }

    /// A service becomes a component of the same name, by which it is found again.
    private func checkName(_ pair: YAMLPair) {
        let isPlain = pair.key.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
        }
        guard !isPlain || pair.key == "observer" || !(1...100).contains(pair.key.utf8.count) else { return }
        sink.report(
            "a component cannot be called '\(DraftText.brief(pair.key))', and a service becomes one of its name",
            at: pair.keyMark,
            hint: "small letters, digits, '-' and '_', at most 100; 'observer' is taken"
        )
    }

    private func readImage(_ node: inout YAMLMapping) -> String? {
        guard let image = node.node("image") else { return nil }
        let what = "'image' of \(node.subject)"
        guard let text = image.scalar?.text else { return reading(image, what) }
        // The tag is not needed, so that it may well be known to the environment only.
        guard let name = filled(withoutTag(text[...]), what, at: image.mark) else { return nil }
        return String(withoutTag(name.prefix { $0 != "@" }))
    }

    private func withoutTag(_ image: Substring) -> Substring {
        let tag = Interpolation.lastField(image)
        return tag.startIndex == image.startIndex || tag.contains("/") ? image : image[..<tag.startIndex].dropLast()
    }

    private func remarkOrigin(_ node: YAMLMapping, at mark: YAMLMark) {
        guard Set(node.keys).isDisjoint(with: ["image", "build", "extends", "provider"]) else { return }
        remarks.report("\(node.subject) has neither 'image' nor 'build': nothing says what it runs", at: mark)
    }
}
