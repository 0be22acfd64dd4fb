//! Plain Portuguese and Spanish, without accents: what their words stand for. Words that mean something else in the other
//! language ("no", "o", "dos") stand in the table of their own one, and which one is spoken is told by those that only one has.
//! Must not hold a word that is read as English where the question is.

/// Words of both languages.
pub(super) const ROMANCE: &str = "
que = which | de = of | por = by | para = to | pedidos = orders | pedido = order | clientes = customers | cliente = customer
categoria = category | categorias = categories | marca = brand | marcas = brands | pais = country | paises = countries
canal = channel | mes = month | meses = months | ano = year | anos = years | semana = week | semanas = weeks | dias = days
trimestre = quarter | trimestres = quarters | ultimo mes = last month | ultimo ano = last year | ultima semana = last week
ultimo trimestre = last quarter | este mes = this month | este ano = this year | esta semana = this week
este trimestre = this quarter | cancelados = cancelled | canceladas = cancelled | cancelado = cancelled | enviados = shipped
enviamos = shipped | reembolsos = refunds | unidades = units | vendidos = sold | vendidas = sold
valor medio do pedido = average order value | valor medio del pedido = average order value
valor medio dos pedidos = average order value | valor medio de los pedidos = average order value
ticket medio = average order value | mostrar = show | italia = italy | irlanda = ireland | reino unido = united kingdom
paises baixos = netherlands | paises bajos = netherlands | belgica = belgium | polonia = poland | suecia = sweden
abril = april | agosto = august | desde = since | entre = between | antes de = before | por favor = please | nunca = never
menos de = less than | encomendas canceladas = cancelled orders | pedidos cancelados = cancelled orders
pedidos abertos = open orders | pedidos abiertos = open orders | pedidos pendentes = open orders
pedidos pendientes = open orders | cada = each | por cada = for each | valor = value | tres = 3 | cinco = 5 | seis = 6
total = total | web = web | stock = stock | cancelada = cancelled | por dia = by day | por semana = by week
por hora = by hour | por ano = by year | por trimestre = by quarter | ultimas 24 horas = last 24 hours | semanal = weekly
mensal = monthly | trimestral = quarterly | anual = yearly | menos = least | novos = new | nuevos = new | italianos = italian
euros = euros | vs = vs
";

/// Portuguese.
pub(super) const PORTUGUESE: &str = "
quantos = how many | quantas = how many | quanto = how much | quanta = how much | qual = what is | quais = which | quem = who
foi = was | foram = were | sao = are | estao = are | o = the | os = the | a = the | as = the | um = the | uma = the | da = of
do = of | das = of | dos = of | em = in | no = in | na = in | nos = in | nas = in | ao = to | aos = to | a o = to | com = with
sem = without | exceto = except | e = and | ou = or | nao = not | encomendas = orders | encomenda = order | receita = revenue
receitas = revenue | faturamento = revenue | faturacao = revenue | vendas = revenue | lucro = profit
lucro bruto = gross profit | lucros = profit | margem bruta = gross margin | margem = margin | novos clientes = new customers
clientes novos = new customers | produtos = products | produto = product | cidade = city | cidades = cities
canais = channels | ontem = yesterday | hoje = today | anteontem = day before yesterday | mes passado = last month
ano passado = last year | semana passada = last week | trimestre passado = last quarter | entregues = delivered
entregue = delivered | enviadas = shipped | devolucoes = returns | devolucao = return | devolvidos = returned
devolvidas = returned | devolvido = returned | devolvida = returned | estoque = stock | mais vendidos = best selling
mais vendidas = best selling | mais vendido = best selling | mais vendida = best selling | mais = most | melhores = best
melhor = best | piores = worst | pior = worst | medio = average | media = average | taxa de devolucao = return rate
taxa de devolucoes = return rate | taxa de cancelamento = cancellation rate | taxa de cancelamentos = cancellation rate
tempo de entrega = transit time | tempo medio de entrega = transit time | prazo de entrega = transit time
pagamentos = payments | pagamento = payment | falhados = failed | falhadas = failed | recusados = failed
transportadora = carrier | transportadoras = carriers | armazem = warehouse | armazens = warehouses | temos = have
tivemos = had | houve = were there | ha = are there | recebemos = received | fizemos = made | vendemos = sell | mostre = show
mostra = show | mostre me = show | mostra me = show | liste = list | espanha = spain | alemanha = germany | franca = france
lisboa = lisbon | janeiro = january | fevereiro = february | marco = march | maio = may | junho = june | julho = july
setembro = september | outubro = october | novembro = november | dezembro = december | ate = until | gastaram = spent
gastou = spent | compraram = bought | comprou = bought | mais de = more than | mais do que = more than
menos do que = less than | abertos = open | abertas = open | em aberto = open | por fechar = open | pendentes = pending
pendente = pending | dois = 2 | duas = 2 | quatro = 4 | sete = 7 | oito = 8 | nove = 9 | dez = 10 | vinte = 20 | cem = 100
primeiros = top | primeiras = top | parcelas = parcels | quanto faturamos = how much revenue
quanto facturamos = how much revenue | faturado = revenue | faturada = revenue | quanto e = how much is
quanto foi = how much was | que clientes = which customers | quais clientes = which customers
quais os clientes = which customers | quais sao os clientes = which customers | clientes que = customers who
quais sao = which | quais foram = which | quais os = which | quais as = which | que nunca = who never
que pais = which country | qual pais = which country | que paises = which countries | que categoria = which category
qual categoria = which category | qual e o = what is the | qual e a = what is the | qual foi o = what is the
qual foi a = what is the | qual o = what is the | qual a = what is the | tem = has | teve = has | tiveram = has
tem tido = has | estava = was | estavam = was | era = was | eram = was | vendeu = sold | venderam = sold | vendido = sold
vendida = sold | foram vendidos = were sold | foram vendidas = were sold | foi vendido = was sold
foram cancelados = were cancelled | foram canceladas = were cancelled | foram enviados = were shipped
foram enviadas = were shipped | foram entregues = were delivered | foram devolvidos = were returned
foram devolvidas = were returned | foram pagos = were paid | foram pagas = were paid | foram feitos = were made
foram feitas = were made | pagos = paid | pagas = paid | pago = paid | paga = paid | pedidos pagos = paid orders
encomendas pagas = paid orders | enviada = shipped | enviado = shipped | ainda = still
ainda nao foram enviados = not shipped yet | ainda nao foram enviadas = not shipped yet | por enviar = not shipped yet
nao enviados = not shipped yet | nao enviadas = not shipped yet | nao foram enviados = not shipped
nao foram enviadas = not shipped | nao cancelados = not cancelled | nao canceladas = not cancelled
nao foram cancelados = not cancelled | nao foram canceladas = not cancelled | nao compraram = never bought
nao compraram nada = never bought | nao incluindo = without | sem contar = without | sem incluir = without | tirando = without
fora = without | apenas = only | so = only | somente = only | por mes = by month | ultimos = last | ultimas = last
os ultimos = last | as ultimas = last | ultimo = last | ultima = last | proximo = next | proxima = next | neste = this
nesta = this | este = this | deste = this | desta = this | neste mes = this month | deste mes = this month
esse mes = this month | nesta semana = this week | desta semana = this week | neste ano = this year | deste ano = this year
neste trimestre = this quarter | deste trimestre = this quarter | no ultimo mes = last month | do ultimo mes = last month
na ultima semana = last week | da ultima semana = last week | no ultimo ano = last year | do ultimo ano = last year
no ultimo trimestre = last quarter | dia = day | fim de semana = weekend | fins de semana = weekends | dia da semana = weekday
dias da semana = weekday | hora do dia = hour of day | horas do dia = hour of day | segunda feira = monday
terca feira = tuesday | quarta feira = wednesday | quinta feira = thursday | sexta feira = friday | sabado = saturday
domingo = sunday | segunda feira passada = last monday | terca feira passada = last tuesday
quarta feira passada = last wednesday | quinta feira passada = last thursday | sexta feira passada = last friday
sexta passada = last friday | sabado passado = last saturday | domingo passado = last sunday | segundas feiras = mondays
tercas feiras = tuesdays | quartas feiras = wednesdays | quintas feiras = thursdays | sextas feiras = fridays
sabados = saturdays | domingos = sundays | primeiro trimestre = first quarter | segundo trimestre = second quarter
terceiro trimestre = third quarter | quarto trimestre = fourth quarter | primeiro semestre = first half
primeira metade = first half | segundo semestre = second half | segunda metade = second half | natal = christmas
desde o inicio do ano = this year | ate agora = so far | a partir de = since | percentagem de = percentage of
percentagem da = percentage of | percentagem do = percentage of | percentagem das = percentage of
percentagem dos = percentage of | porcentagem de = percentage of | porcentagem da = percentage of
porcentagem do = percentage of | porcentagem das = percentage of | porcentagem dos = percentage of | percentual de = share of
parte da = share of | parte do = share of | parte dos = share of | parte das = share of | quota de = share of
quota da = share of | quota das = share of | participacao de = share of | participacao da = share of
participacao na = share of | peso de = share of | peso da = share of | em percentagem = as a share
em porcentagem = as a share | crescimento da = growth of | crescimento do = growth of | crescimento das = growth of
crescimento dos = growth of | crescimento de = growth of | crescimento = growth | variacao da = change of
variacao do = change of | variacao das = change of | variacao dos = change of | variacao de = change of
evolucao da = trend of | evolucao do = trend of | evolucao das = trend of | evolucao dos = trend of | evolucao de = trend of
em comparacao com = compared with | comparado com = compared with | comparada com = compared with
comparados com = compared with | comparadas com = compared with | face a = compared with | face ao = compared with
contra = compared with | em relacao a = compared with | em relacao ao = compared with | acima de = above | abaixo de = below
pelo menos = at least | no minimo = at least | no maximo = at most | exatamente = exactly | maior que = above
superior a = above | superiores a = above | menor que = below | inferior a = below | inferiores a = below | maior = highest
mais alta = highest | mais alto = highest | mais elevada = highest | mais elevado = highest | maiores = highest
mais altas = highest | mais altos = highest | menor = lowest | mais baixa = lowest | mais baixo = lowest | menores = lowest
mais baixas = lowest | mais baixos = lowest | mais caros = most expensive | mais caras = most expensive
mais caro = most expensive | mais cara = most expensive | mais baratos = cheapest | mais baratas = cheapest
mais barato = cheapest | mais barata = cheapest | menos vendidos = least sold | menos vendidas = least sold
menos vendido = least sold | mais devolvidos = most returned | mais devolvidas = most returned | mais rapida = fastest
mais rapido = fastest | mais lenta = slowest | mais lento = slowest | mais recentes = latest | mais recente = latest
mais antigos = oldest | mais antigas = oldest | mais antigo = oldest | mais antiga = oldest | media de = average
a media de = average | em media = on average | mediana = median | valor medio por pedido = average order value
valor medio por encomenda = average order value | valor medio das encomendas = average order value
valor medio da encomenda = average order value | acumulada = cumulative | acumulado = cumulative | acumuladas = cumulative
acumulados = cumulative | tendencia da = trend of | tendencia do = trend of | tendencia das = trend of
tendencia de = trend of | diaria = daily | diario = daily | diarias = daily | diarios = daily | semanais = weekly
mensais = monthly | trimestrais = quarterly | anuais = yearly | descontos = discounts | desconto = discount
descontos dados = discounts | descontos concedidos = discounts | desconto medio = average discount
taxa de desconto = average discount | unidades vendidas = units sold | itens vendidos = units sold
artigos vendidos = units sold | pecas vendidas = units sold | itens = items | artigos = items | pecas = units
clientes que voltaram = repeat buyers | clientes recorrentes = repeat buyers | clientes repetidos = repeat buyers
compradores recorrentes = repeat buyers | taxa de recompra = repeat rate | taxa de clientes recorrentes = repeat rate
clientes ativos = buyers | compradores = buyers | clientes registados = registered customers
clientes registrados = registered customers | clientes cadastrados = registered customers | registaram se = registered
se registaram = registered | se registraram = registered | inscreveram se = registered | se inscreveram = registered
envios atrasados = late parcels | encomendas atrasadas = late parcels | entregas atrasadas = late parcels
pacotes atrasados = late parcels | chegaram atrasados = arrived late | chegaram atrasadas = arrived late
chegaram tarde = arrived late | atrasados = late | atrasadas = late | taxa de entregas no prazo = on time rate
taxa de entrega no prazo = on time rate | entregas no prazo = on time rate | taxa de pontualidade = on time rate
entrega no prazo = on time rate | pontualidade = on time rate | no prazo = on time | a tempo = on time | a horas = on time
entregas = deliveries | pacotes = parcels | envios = parcels | envio = parcel | metodo de pagamento = payment method
forma de pagamento = payment method | meio de pagamento = payment method | metodos de pagamento = payment methods
formas de pagamento = payment methods | pagamentos falhados = failed payments | pagamentos recusados = failed payments
pagamentos que falharam = failed payments | falharam = failed | taxa de falha de pagamento = payment failure rate
taxa de falha dos pagamentos = payment failure rate | taxa de falha do pagamento = payment failure rate
taxa de falhas de pagamento = payment failure rate | motivo de devolucao = return reason | motivo da devolucao = return reason
motivos de devolucao = return reason | motivo de cancelamento = cancel reason | motivo do cancelamento = cancel reason
motivo da falha = failure reason | motivo de falha = failure reason | motivo = reason | motivos = reasons
estado do pedido = order status | estado da encomenda = order status | status do pedido = order status
segmento de cliente = customer segment | segmento de clientes = customer segment | segmento = customer segment
canal de venda = channel | canal de vendas = channel | canais de venda = channels | esgotados = out of stock
esgotado = out of stock | esgotadas = out of stock | esgotada = out of stock | sem estoque = out of stock
sem stock = out of stock | fora de estoque = out of stock | abaixo do nivel de reposicao = low on stock
com stock baixo = low on stock | com estoque baixo = low on stock | stock baixo = low on stock | estoque baixo = low on stock
stock disponivel = available stock | estoque disponivel = available stock | disponivel = available
valor do stock = stock value | valor do estoque = stock value | valor em stock = stock value | em stock = in stock
em estoque = in stock | pedidos parados = stuck orders | encomendas paradas = stuck orders | pedidos presos = stuck orders
pedidos travados = stuck orders | valor faturado = billed amount | reembolso = refund | reembolsado = refunds
valor reembolsado = refunds | numero de = number of | quantidade de = number of | onde esta = where is | onde estao = where is
podes dizer me = tell me | pode dizer me = tell me | pode me dizer = tell me | podes me dizer = tell me | podes mostrar me = show
onde anda = where is | diga me = tell me | diz me = tell me | me diga = tell me | mostrar me = tell me
queria saber = tell me | quero saber = tell me | gostaria de saber = tell me | preciso de saber = tell me
preciso saber = tell me | e em = and in | cartao = card | cartao de credito = card | transferencia bancaria = bank transfer
transferencia = bank transfer | telemovel = mobile | celular = mobile | movel = mobile | danificados = damaged
danificadas = damaged | danificado = damaged | aprovados = approved | obrigado = thanks | obrigada = thanks | bom dia = please
boa tarde = please | boa noite = please | ola = please | noruega = norway | suica = switzerland | alemaes = german
espanhois = spanish | franceses = french | portugueses = portuguese | mes a mes = by month | dia a dia = by day
lista de = list | lista dos = list | lista das = list | algum = any | alguma = any | loja = shop | nossa = our | nosso = our
nossas = our | nossos = our | meu = my | minha = my | isso = that | cada um = each | cada uma = each | feriado = holiday
mas = but | encomendas pagas por = orders paid by | encomendas pagas com = orders paid by | pedidos pagos por = orders paid by
pedidos pagos com = orders paid by | pagas por = paid by | pagas com = paid by | pagos com = paid by | paga com = paid by
pago com = paid by | 1o trimestre = first quarter | 1º trimestre = first quarter | 2o trimestre = second quarter
2º trimestre = second quarter | 3o trimestre = third quarter | 3º trimestre = third quarter | 4o trimestre = fourth quarter
4º trimestre = fourth quarter | abaixo do stock minimo = low on stock | abaixo do estoque minimo = low on stock
abaixo do minimo = low on stock | inventario = stock | valor do inventario = stock value
quanto reembolsamos = how much did we refund | quanto devolvemos em dinheiro = how much did we refund | vieram do = from
vieram da = from | vieram de = from | vem do = from | vem da = from | feitas pelo = from | feitos pelo = from | pelo = from
pela = from | gasta = spend | gastam = spend | cancelamento = cancellation | cancelamentos = cancellations
motivos de cancelamento = cancel reason | motivos do cancelamento = cancel reason | metodo = method
taxa de falha dos pagamentos por metodo = payment failure rate by payment method | quanto tempo demora = how long does take
quanto tempo demoram = how long does take | quanto tempo leva = how long does take | entrega = delivery
do maior para o menor = highest first | da maior para a menor = highest first | do menor para o maior = lowest first
da menor para a maior = lowest first | ha mais de = for more than | vende = sell | vendem = sell | compra = buy
compram = buy | pessoas = customers | encomendaram = ordered | pediram = ordered | devolveram = returned | chegaram = arrived
cresceu = grew | cresceram = grew | quanto cresceu a = how much grew | quanto cresceu o = how much grew | manha = morning
tarde = afternoon | hora = hour | horas = hours
";

/// Spanish.
pub(super) const SPANISH: &str = "
cuantos = how many | cuantas = how many | cuanto = how much | cuanta = how much | cual = what is | cuales = which
quien = who | quienes = who | fue = was | fueron = were | son = are | estan = are | es = is | la = the | el = the | los = the
las = the | un = the | una = the | lo = the | del = of | en = in | al = to | con = with | sin = without | excepto = except
salvo = except | y = and | o = or | u = or | no = not | ordenes = orders | orden = order | ingresos = revenue
facturacion = revenue | ventas = revenue | beneficio = profit | beneficios = profit | ganancia = profit | ganancias = profit
beneficio bruto = gross profit | ganancia bruta = gross profit | margen bruto = gross margin | margen = margin
nuevos clientes = new customers | clientes nuevos = new customers | productos = products | producto = product | ciudad = city
ciudades = cities | canales = channels | ayer = yesterday | hoy = today | anteayer = day before yesterday
mes pasado = last month | ano pasado = last year | semana pasada = last week | trimestre pasado = last quarter
entregados = delivered | entregadas = delivered | entregado = delivered | devoluciones = returns | devolucion = return
devueltos = returned | devueltas = returned | devuelto = returned | devuelta = returned | existencias = stock
inventario = stock | mas vendidos = best selling | mas vendidas = best selling | mas vendido = best selling
mas vendida = best selling | mas = most | mejores = best | mejor = best | peores = worst | peor = worst | medio = average
media = average | medios = average | medias = average | promedio = average | tasa de devolucion = return rate
tasa de devoluciones = return rate | tasa de cancelacion = cancellation rate | tasa de cancelaciones = cancellation rate
tiempo de entrega = transit time | tiempo medio de entrega = transit time | plazo de entrega = transit time | pagos = payments
pago = payment | fallidos = failed | fallidas = failed | rechazados = failed | transportista = carrier
transportistas = carriers | almacen = warehouse | almacenes = warehouses | tenemos = have | tuvimos = had | hubo = were there
hay = are there | recibimos = received | hicimos = made | vendimos = sell | muestra = show | muestrame = show
ensename = show | dame = show | lista = list | espana = spain | alemania = germany | francia = france | enero = january
febrero = february | marzo = march | mayo = may | junio = june | julio = july | septiembre = september | setiembre = september
octubre = october | noviembre = november | diciembre = december | hasta = until | gastaron = spent | gasto = spent
compraron = bought | compro = bought | mas de = more than | mas que = more than | menos que = less than | abiertos = open
abiertas = open | pendientes = pending | pendiente = pending | dos = 2 | cuatro = 4 | siete = 7 | ocho = 8 | nueve = 9
diez = 10 | veinte = 20 | cien = 100 | primeros = top | primeras = top | paquetes = parcels | paquete = parcel
cuanto facturamos = how much revenue | cuanto se facturo = how much revenue | cuanto hemos facturado = how much revenue
facturado = revenue | cuanto es = how much is | cuanto fue = how much was | que clientes = which customers
cuales clientes = which customers | cuales son los clientes = which customers | clientes que = customers who
cuales son = which | cuales fueron = which | que nunca = who never | que pais = which country | que paises = which countries
cual es el = what is the | cual es la = what is the | cual fue el = what is the | cual fue la = what is the | tiene = has
tienen = has | tuvo = has | tuvieron = has | han tenido = has | ha tenido = has | estaban = was | era = was | eran = was
vendio = sold | vendieron = sold | vendido = sold | vendida = sold | vender = sell | hemos vendido = sell
se vendieron = were sold | se han vendido = were sold | fueron vendidos = were sold | se vendio = was sold
se cancelaron = were cancelled | se han cancelado = were cancelled | fueron cancelados = were cancelled
se enviaron = were shipped | fueron enviados = were shipped | se han enviado = were shipped | se entregaron = were delivered
fueron entregados = were delivered | se han entregado = were delivered | se devolvieron = were returned
fueron devueltos = were returned | se han devuelto = were returned | se pagaron = were paid | se hicieron = were made
se realizaron = were made | pagados = paid | pagadas = paid | pagado = paid | enviado = shipped | todavia = still
aun = still | aun no se han enviado = not shipped yet | todavia no se han enviado = not shipped yet
no se han enviado todavia = not shipped yet | no se han enviado aun = not shipped yet | sin enviar = not shipped yet
por enviar = not shipped yet | no enviados = not shipped yet | no se han enviado = not shipped
no fueron enviados = not shipped | no cancelados = not cancelled | no canceladas = not cancelled
no fueron cancelados = not cancelled | no compraron = never bought | no han comprado = never bought
no compraron nada = never bought | sin contar = without | sin incluir = without | sin tener en cuenta = without
menos los = without | quitando = without | solo = only | solamente = only | unicamente = only | ultimos = last
ultimas = last | los ultimos = last | las ultimas = last | ultimo = last | ultima = last | proximo = next | proxima = next
este = this | esta = this | estos = these | estas = these | el ultimo mes = last month | del ultimo mes = last month
la ultima semana = last week | de la ultima semana = last week | el ultimo ano = last year | del ultimo ano = last year
el ultimo trimestre = last quarter | dia = day | fin de semana = weekend | fines de semana = weekends
dia de la semana = weekday | dias de la semana = weekday | hora del dia = hour of day | horas del dia = hour of day
lunes = monday | martes = tuesday | miercoles = wednesday | jueves = thursday | viernes = friday | sabado = saturday
domingo = sunday | los lunes = on mondays | los martes = on tuesdays | los miercoles = on wednesdays
los jueves = on thursdays | los viernes = on fridays | los sabados = on saturdays | los domingos = on sundays
sabados = saturdays | domingos = sundays | lunes pasado = last monday | pasado lunes = last monday
martes pasado = last tuesday | pasado martes = last tuesday | miercoles pasado = last wednesday
pasado miercoles = last wednesday | jueves pasado = last thursday | pasado jueves = last thursday
viernes pasado = last friday | pasado viernes = last friday | sabado pasado = last saturday | pasado sabado = last saturday
domingo pasado = last sunday | pasado domingo = last sunday | primer trimestre = first quarter
segundo trimestre = second quarter | tercer trimestre = third quarter | cuarto trimestre = fourth quarter
primer semestre = first half | primera mitad = first half | segundo semestre = second half | segunda mitad = second half
navidad = christmas | desde principios de ano = this year | desde el inicio del ano = this year | hasta ahora = so far
a partir de = since | porcentaje de = percentage of | porcentaje del = percentage of | parte de = share of
parte del = share of | cuota de = share of | proporcion de = share of | peso de = share of | en porcentaje = as a share
crecimiento de = growth of | crecimiento del = growth of | crecimiento = growth | variacion de = change of
variacion del = change of | evolucion de = trend of | evolucion del = trend of | en comparacion con = compared with
comparado con = compared with | comparada con = compared with | comparados con = compared with
comparadas con = compared with | frente a = compared with | frente al = compared with | respecto a = compared with
respecto al = compared with | contra = compared with | por encima de = above | por debajo de = below | al menos = at least
por lo menos = at least | como minimo = at least | como maximo = at most | a lo sumo = at most | exactamente = exactly
mayor que = above | superior a = above | superiores a = above | menor que = below | inferior a = below | inferiores a = below
mayor = highest | mas alta = highest | mas alto = highest | mayores = highest | mas altas = highest | mas altos = highest
menor = lowest | mas baja = lowest | mas bajo = lowest | menores = lowest | mas bajas = lowest | mas bajos = lowest
mas caros = most expensive | mas caras = most expensive | mas caro = most expensive | mas cara = most expensive
mas baratos = cheapest | mas baratas = cheapest | mas barato = cheapest | mas barata = cheapest | menos vendidos = least sold
menos vendidas = least sold | menos vendido = least sold | mas devueltos = most returned | mas devueltas = most returned
mas rapida = fastest | mas rapido = fastest | mas lenta = slowest | mas lento = slowest | mas recientes = latest
mas reciente = latest | mas antiguos = oldest | mas antiguas = oldest | mas antiguo = oldest | mas antigua = oldest
media de = average | promedio de = average | la media de = average | el promedio de = average | de media = on average
en promedio = on average | de promedio = on average | mediana = median | valor medio por pedido = average order value
importe medio del pedido = average order value | importe medio de los pedidos = average order value
pedido medio = average order value | acumulados = cumulative | acumuladas = cumulative | acumulado = cumulative
acumulada = cumulative | tendencia de = trend of | tendencia del = trend of | diario = daily | diaria = daily
diarios = daily | diarias = daily | semanales = weekly | mensuales = monthly | mensual = monthly | trimestrales = quarterly
anuales = yearly | descuentos = discounts | descuento = discount | descuento medio = average discount
tasa de descuento = average discount | unidades vendidas = units sold | articulos vendidos = units sold
piezas vendidas = units sold | articulos = items | piezas = units | clientes que repiten = repeat buyers
clientes recurrentes = repeat buyers | compradores recurrentes = repeat buyers | tasa de recompra = repeat rate
tasa de clientes recurrentes = repeat rate | tasa de repeticion = repeat rate | clientes activos = buyers
compradores = buyers | clientes registrados = registered customers | se registraron = registered
se han registrado = registered | se dieron de alta = registered | envios retrasados = late parcels
envios atrasados = late parcels | paquetes retrasados = late parcels | pedidos con retraso = late parcels
entregas retrasadas = late parcels | llegaron tarde = arrived late | llegaron con retraso = arrived late | retrasados = late
retrasadas = late | tasa de entregas a tiempo = on time rate | tasa de entrega a tiempo = on time rate
entregas a tiempo = on time rate | tasa de puntualidad = on time rate | puntualidad = on time rate | a tiempo = on time
en plazo = on time | entregas = deliveries | envios = parcels | envio = parcel | metodo de pago = payment method
forma de pago = payment method | medio de pago = payment method | metodos de pago = payment methods
formas de pago = payment methods | medios de pago = payment methods | pagos fallidos = failed payments
pagos rechazados = failed payments | pagos que fallaron = failed payments | fallaron = failed
tasa de fallo de pago = payment failure rate | tasa de fallos de pago = payment failure rate
tasa de pagos fallidos = payment failure rate | motivo de devolucion = return reason | motivos de devolucion = return reason
razon de devolucion = return reason | motivo de cancelacion = cancel reason | motivo del fallo = failure reason
motivo de fallo = failure reason | motivo = reason | motivos = reasons | estado del pedido = order status
estado de los pedidos = order status | segmento de cliente = customer segment | segmento de clientes = customer segment
segmento = customer segment | canal de venta = channel | canal de ventas = channel | canales de venta = channels
agotados = out of stock | agotado = out of stock | agotadas = out of stock | agotada = out of stock | sin stock = out of stock
sin existencias = out of stock | por debajo del nivel de reposicion = low on stock | con poco stock = low on stock
con stock bajo = low on stock | stock bajo = low on stock | stock disponible = available stock | disponible = available
valor del stock = stock value | valor del inventario = stock value | valor de las existencias = stock value
en stock = in stock | pedidos atascados = stuck orders | pedidos parados = stuck orders | pedidos bloqueados = stuck orders
importe facturado = billed amount | reembolso = refund | reembolsado = refunds | importe reembolsado = refunds
numero de = number of | cantidad de = number of | donde esta = where is | donde estan = where is | dime = tell me
me puedes decir = tell me | puedes decirme = tell me | me puede decir = tell me | puede decirme = tell me
podrias decirme = tell me | me podrias decir = tell me | puedes mostrarme = show | me puedes mostrar = show | me muestras = show
quiero saber = tell me | quisiera saber = tell me | necesito saber = tell me | me gustaria saber = tell me | y en = and in
tarjeta = card | tarjeta de credito = card | transferencia bancaria = bank transfer | transferencia = bank transfer
movil = mobile | danados = damaged | danadas = damaged | danado = damaged | gracias = thanks | buenos dias = please
buenas tardes = please | buenas noches = please | hola = please | noruega = norway | suiza = switzerland | alemanes = german
espanoles = spanish | franceses = french | portugueses = portuguese | mes a mes = by month | dia a dia = by day
lista de = list | algun = any | alguna = any | tienda = shop | nuestra = our | nuestro = our | nuestras = our | nuestros = our
mi = my | mis = my | eso = that | cada uno = each | cada una = each | manana = morning | tarde = afternoon | hora = hour
horas = hours | 1er trimestre = first quarter | 1º trimestre = first quarter | 2º trimestre = second quarter
2o trimestre = second quarter | 3er trimestre = third quarter | 3º trimestre = third quarter | 4º trimestre = fourth quarter
4o trimestre = fourth quarter | por debajo del stock minimo = low on stock | por debajo del minimo = low on stock
cuanto reembolsamos = how much did we refund | cuanto se reembolso = how much did we refund | llegaron desde = from
llegaron por = from | vinieron de = from | vinieron del = from | vienen de = from | vienen del = from
desde el movil = from mobile | llegaron desde el movil = from mobile | llegaron por movil = from mobile | gasta = spend
gastan = spend | cancelacion = cancellation | cancelaciones = cancellations | motivos de cancelacion = cancel reason
metodo = method | pagados por = paid by | pagados con = paid by | pagadas con = paid by
tasa de fallo de los pagos por metodo = payment failure rate by payment method
tasa de fallo de los pagos = payment failure rate | cuanto tarda = how long does take | cuanto tardan = how long does take
cuanto tiempo tarda = how long does take | entrega = delivery | de mayor a menor = highest first
de menor a mayor = lowest first | desde hace mas de = for more than | hace mas de = for more than | vende = sell
venden = sell | compra = buy | compran = buy | personas = customers | gente = customers | pidieron = ordered
devolvieron = returned | llegaron = arrived | crecio = grew | crecieron = grew | cuanto crecieron los = how much grew
cuanto crecio la = how much grew
";

/// Words of the other languages that are English words or parts of names too: they alone do not show a language.
pub(super) const SHARED: &str = "a as o e y la el los las de da do no na es son me media total web stock canal en al que web marco um u lo has tem era as os \
    solo martes natal pendentes contra mediana lucro segunda dos in mas so";
