@main
enum App {
    static func main() { Program.run() }
}
