internal import OpsModel

/// The newest metrics page of one instance, for an answer.
struct ScrapedPage: Sendable {
    var component: MappedComponent
    var instance: MappedInstance
    var history: ScrapeHistory
    var newest: Sampled<Scrape>

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? { newest.value.value(name, labels) }
}

extension ReadEvaluator {
    /// The fresh pages of the instances that a question is about.
    func pages(_ scope: ReadScope) -> [ScrapedPage] {
        scope.components.flatMap { component in
            component.instances.compactMap { instance -> ScrapedPage? in
                guard scope.instance == nil || scope.instance == instance.name,
                    let history = world.scrapes[instance.name], let newest = history.newest, isFresh(newest.at)
                else { return nil }
                return ScrapedPage(component: component, instance: instance, history: history, newest: newest)
            }
        }
    }

    /// The time of the oldest page in an answer: its age is the answer's.
    func newest(_ pages: [ScrapedPage]) -> Timestamp { pages.map(\.newest.at).min() ?? now }

    /// No page has the metric: either nobody answers, or nobody exposes it.
    func silent(_ query: ReadQuery, _ pages: [ScrapedPage], _ metric: String) -> ReadAnswer {
        guard pages.isEmpty else { return unsupported(query, "no instance asked about exposes \(metric)") }
        let scope = ReadScope(query, map: map)
        let failures = scope.components.flatMap(\.instances).compactMap { instance in
            world.scrapes[instance.name]?.lastFailure.map { "\(instance.name): \($0.value)" }
        }
        let reason = failures.isEmpty ? "no metrics page was read yet" : failures.joined(separator: ", ")
        return unknown(query, reason)
    }
}
