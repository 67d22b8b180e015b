internal import OpsModel

/// Which part of the system a question is about, after its relation words are resolved.
struct ReadScope: Sendable {
    /// A word that leads from the component asked about to others.
    enum Relation: String, Sendable {
        case callers
        case caller
        case dependencies
    }

    /// The component asked about.
    var subject: MappedComponent?
    var relation: Relation?
    /// The components whose samples answer: the subject, or where the relation leads.
    var components: [MappedComponent]
    var instance: String?
    /// Selector words that are no component, instance or relation.
    var words: [String] = []
    /// Where to look back to, in seconds, if the question says so.
    var window: Double?
    /// A component that the question names and the topology does not have.
    var unknown: String?

    init(_ query: ReadQuery, map: TargetMap, standard: MappedComponent? = nil) {
        let named = query.component.flatMap { map.component($0) }
        subject = named ?? query.instance.flatMap { map.owner(ofInstance: $0) } ?? standard
        instance = query.instance
        components = subject.map { [$0] } ?? map.components
        window = query.parameters["window_s"]?.doubleValue.map { min(900, max(1, $0)) }
        if let component = query.component, named == nil {
            if let owner = map.owner(ofInstance: component) {
                subject = owner
                components = [owner]
                instance = component
            } else {
                unknown = component
            }
        }
        for word in query.selector { take(word, map) }
    }

    private mutating func take(_ word: String, _ map: TargetMap) {
        if let relation = Relation(rawValue: word) {
            self.relation = relation
            guard let subject else { return }
            components = relation == .dependencies ? map.dependencies(of: subject.name) : map.callers(of: subject.name)
        } else if let component = map.component(word) {
            components = [component]
        } else if let owner = map.owner(ofInstance: word) {
            components = [owner]
            instance = word
        } else {
            words.append(word)
        }
    }
}
