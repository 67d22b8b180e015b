/// A component as a Compose file bears it out.
public struct DraftedComponent: Hashable, Sendable {
    /// The service's name.
    public var name: String
    /// What it is; `worker` where nothing shows more, and then ``gaps`` asks.
    public var kind: ComponentKind
    /// What in the Compose file speaks for the kind.
    public var why: String
    /// Other components that it cannot work without.
    public var needs: [String] = []
    /// How many containers of it run.
    public var instances = 1
    /// The port that it listens on.
    public var port: Int?
    /// The database, of one of kind `postgres`.
    public var database: String?
    /// The role that owns the database, where the Compose file names it.
    public var owner: String?
    /// Whether it is started again after a failure; nil when the Compose file does not say.
    public var isRestarted: Bool?
    /// What only a person can know about it.
    public var gaps: [TopologyDraft.Gap] = []
    /// Other components that it might need, for its environment holds their addresses.
    public var suggestions: [String] = []
}

extension DraftedComponent {
    /// Decides by evidence only: an image's name, or a port together with a health check that asks over HTTP.
    init(_ service: ComposeService, needs: [String], isOneOff: Bool) {
        self.init(name: service.name, kind: .worker, why: "", needs: needs)
        instances = service.instances
        port = service.ports.first
        isRestarted = service.isRestarted
        let mentions = service.mentions.filter { !needs.contains($0.service) }
        suggestions = mentions.map { "needs \($0.service)? Its \(DraftText.brief($0.key)) holds that address." }
        if service.isPostgres {
            becomePostgres(service)
        } else if let question = service.healthCheck?.question, let first = service.ports.first {
            becomeHTTP(question, service.ports.contains(question.port) ? question.port : first)
        } else {
            stayWorker(service, isOneOff)
        }
        if let port, service.ports.count > 1 {
            let others = service.ports.filter { $0 != port }.prefix(8).map { "\($0)" }.joined(separator: ", ")
            ask("port", "it listens on \(others), too; \(port) was taken")
        }
    }

    private mutating func becomePostgres(_ service: ComposeService) {
        kind = .postgres
        why = "image \(DraftText.brief(service.image ?? ""))"
        if case .text(let role) = service.owner { owner = role }
        database = Self.database(of: service)
        if database == nil {
            ask("database", "the database's name, which the Compose file does not give", isRequired: true)
        }
        let role = owner.map { ", whose name is \(DraftText.brief($0))," } ?? ""
        ask("admin", "`secret:NAME`, the name under which the password of its administrator\(role) is kept")
    }

    private mutating func becomeHTTP(_ question: ComposeService.Question, _ chosen: Int) {
        kind = .http
        port = chosen
        why = "port \(chosen), and a health check that asks for \(DraftText.brief(question.path)) over HTTP"
        if question.port != chosen { ask("port", "the health check asks port \(question.port); \(chosen) was taken") }
    }

    private mutating func stayWorker(_ service: ComposeService, _ isOneOff: Bool) {
        let choice: String
        if isOneOff {
            why = "others wait until it has ended"
            choice = "what runs once is no component: take it out, or `batch` with `every` if it runs every so often"
        } else if service.healthCheck?.question != nil {
            why = "a health check over HTTP, but no port published or exposed"
            choice = "`http` with its `port` if others send it requests, else `worker` or `batch`"
        } else if let port {
            why = "port \(port), but no health check over HTTP"
            choice = "`http` if it answers HTTP, `external` if it is somebody else's; `worker` is the nearest otherwise"
        } else {
            why = "no port, and no health check over HTTP"
            choice = "`worker` if it takes jobs from a queue, `batch` with `every` if it runs every so often"
        }
        ask("kind", "\(choice); seen: \(why)")
    }

    private mutating func ask(_ key: String, _ words: String, isRequired: Bool = false) {
        gaps.append(TopologyDraft.Gap("components.\(name).\(key)", words, isRequired: isRequired))
    }

    /// The official images call the database after its owner, and the owner `postgres`; of others that is not known.
    private static func database(of service: ComposeService) -> String? {
        if case .text(let name) = service.database { return name }
        guard service.database == .absent, service.isOfficialPostgres else { return nil }
        switch service.owner {
        case .text(let name): return name
        case .absent: return "postgres"
        case .unknown: return nil
        }
    }
}
